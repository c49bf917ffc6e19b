"""Backups: made encrypted, found damaged, restored into a throw-away database, and proved."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as living
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from assessments.models import Assessment, SuppressedAddress
from audit.models import SystemLog
from backups.alarms import FAILED, alarm_when_old
from backups.errors import BackupError
from backups.health import backups
from backups.keys import decrypt, encrypt, identity, keys_needed, recipient, write_new_key
from backups.making import MADE, delete_old, make_backup
from backups.manifest import (
    ENDING,
    Contents,
    Manifest,
    Part,
    checksum,
    dumps_without_manifest,
    parse_manifest,
    read_manifest,
)
from backups.places import Directory, backup_place
from backups.restoring import fetch_dump, opened_backup
from backups.verification import VERIFIED, age, is_signed, manifests, verify_backup
from backups.workspace import workspace
from hubspot_sync.models import HubSpotErasure

NOW = datetime(2026, 11, 28, 2, 30, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, settings: Settings) -> Path:
    """Backups go into a directory, encrypted for a key pair of this test."""
    (tmp_path / "kept").mkdir()
    public = write_new_key(tmp_path / "key")
    settings.BACKUPS = replace(
        living.BACKUPS, to=str(tmp_path / "kept"), recipient=public, identity_file=str(tmp_path / "key")
    )
    return tmp_path / "kept"


def planted(place: Path, content: bytes = b"a dump", made: datetime | None = None) -> Manifest:
    """A backup with this as its dump, without any database."""
    moment = made or datetime.now(UTC)
    name = f"assessment-{moment:%Y%m%dT%H%M%SZ}"
    plain, dump = place.parent / "plain", place / f"{name}.dump.age"
    plain.write_bytes(content)
    with plain.open("rb") as source, dump.open("wb") as target:
        encrypt(source, target, recipient())
    part = Part(dump.name, dump.stat().st_size, checksum(dump))
    manifest = Manifest(
        name, moment.isoformat(), "18", 0.1, (part,), Contents({}, {}, 0, 0), keys_needed(), ""
    )
    (place / f"{name}{ENDING}").write_text(manifest.text())
    return manifest


def opens(place: Path) -> bytes:
    with opened_backup() as (_, dump):
        return dump.read_bytes()


def test_what_was_encrypted_opens_with_the_key(place: Path) -> None:
    planted(place, b"rows")
    assert opens(place) == b"rows"


def test_a_missing_directory_is_not_made(place: Path, settings: Settings) -> None:
    settings.BACKUPS = replace(settings.BACKUPS, to=str(place / "not-mounted"))
    with pytest.raises(BackupError, match=r"is no directory\. Mount its disk"):
        backup_place()
    assert not (place / "not-mounted").exists()


def test_without_a_place_or_a_key_the_setting_is_named(place: Path, settings: Settings) -> None:
    settings.BACKUPS = replace(settings.BACKUPS, to="", recipient="", identity_file="")
    for ask, name in ((backup_place, "BACKUP_TO"), (recipient, "BACKUP_RECIPIENT"), (identity, "BACKUP_ID")):
        with pytest.raises(BackupError, match=name):
            ask()


def test_a_damaged_file_is_found_by_its_checksum(place: Path) -> None:
    file = place / planted(place).parts[0].name
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(BackupError, match="its checksum differs"):
        opens(place)


def test_a_file_that_was_changed_with_its_checksum_does_not_open(place: Path) -> None:
    manifest = planted(place)
    file = place / manifest.parts[0].name
    file.write_bytes(file.read_bytes()[:-1])
    part = Part(file.name, file.stat().st_size, checksum(file))
    (place / f"{manifest.name}{ENDING}").write_text(replace(manifest, parts=(part,)).text())
    with pytest.raises(BackupError, match="damaged"):
        opens(place)


def test_a_missing_part_is_named(place: Path) -> None:
    part = planted(place).parts[0].name
    (place / part).unlink()
    with pytest.raises(BackupError, match=f"{part} is missing"):
        opens(place)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"parts": 1}', '{"parts": [], "contents": {}}'])
def test_a_damaged_manifest_is_told(content: str) -> None:
    with pytest.raises(BackupError, match="is no manifest of ours"):
        parse_manifest("it", content)


def test_another_key_is_told_as_such(place: Path, tmp_path: Path, settings: Settings) -> None:
    planted(place)
    write_new_key(tmp_path / "other")
    settings.BACKUPS = replace(settings.BACKUPS, identity_file=str(tmp_path / "other"))
    with pytest.raises(BackupError, match="was made for another key"):
        opens(place)


@pytest.mark.parametrize("content", ["", "no key", "AGE-SECRET-KEY-1CUT"])
def test_a_file_without_a_key_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(BackupError, match="holds no secret key"):
        identity(str(tmp_path / "key"))


def test_a_key_is_never_overwritten_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    write_new_key(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="cannot be created"):
        write_new_key(tmp_path / "key")


def test_without_any_backup_that_is_said(place: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no backup in BACKUP_TO yet"):
        read_manifest(Directory(place), tmp_path)


def test_the_manifest_names_the_keys_and_tells_none(place: Path) -> None:
    text = planted(place).text()
    assert set(json.loads(text)["keys"]) >= {"FIELD_ENCRYPTION_KEYS", "ADDRESS_HASH_KEY", "SECRET_KEY"}
    for secret in (living.SECRET_KEY, living.ADDRESS_HASH_KEY, *living.FIELD_ENCRYPTION_KEYS):
        assert secret not in text


def test_thirty_days_are_kept_one_backup_each(place: Path) -> None:
    for days in range(40):
        planted(place, made=NOW - timedelta(days=days))
    planted(place, made=NOW - timedelta(hours=1))
    assert delete_old(Directory(place), NOW) == 10
    kept = sorted(name for name in Directory(place).names() if name.endswith(ENDING))
    assert len(kept) == 31
    assert kept[-1] == f"assessment-20261128T023000Z{ENDING}"
    assert len(Directory(place).names()) == 62


def test_the_last_backup_stays_however_old(place: Path) -> None:
    planted(place, made=NOW - timedelta(days=90))
    assert delete_old(Directory(place), NOW) == 0


def test_a_dump_without_manifest_goes_with_the_backups_of_its_age(place: Path) -> None:
    planted(place, made=NOW)
    for days in (2, 29, 31):
        moment = NOW - timedelta(days=days)
        (place / f"assessment-{moment:%Y%m%dT%H%M%SZ}.dump.age").touch()
    delete_old(Directory(place), NOW)
    assert len(Directory(place).names()) == 4


def test_a_dump_whose_manifest_is_lost_is_named(place: Path, tmp_path: Path) -> None:
    (place / f"{planted(place).name}{ENDING}").unlink()
    with pytest.raises(BackupError, match=r"assessment-\w+\.dump\.age has no manifest"):
        read_manifest(Directory(place), tmp_path)


def test_a_manifest_that_may_still_come_is_not_missed(place: Path) -> None:
    for hours in (0.5, 2, 26):
        made = planted(place, made=NOW - timedelta(hours=hours))
        (place / f"{made.name}{ENDING}").unlink()
    whole = planted(place, made=NOW - timedelta(hours=3))
    lost = dumps_without_manifest(Directory(place).names(), NOW)
    assert lost == ["assessment-20261128T003000Z.dump.age", "assessment-20261127T003000Z.dump.age"]
    assert not manifests(whole, lost).good
    assert manifests(whole, lost[1:]).good


def test_a_backup_of_the_day_before_yesterday_is_too_old(place: Path) -> None:
    made = datetime.now(UTC)
    assert age(planted(place, made=made - timedelta(hours=25))).good
    assert not age(planted(place, made=made - timedelta(hours=27))).good


def test_a_full_disk_is_told_with_the_fix(place: Path) -> None:
    with (
        pytest.raises(BackupError, match=r"No space left on device.*TMPDIR"),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        encrypt(BytesIO(b"rows" * 99_999), full, recipient())
    with pytest.raises(BackupError, match=r"No space left on device.*TMPDIR"), workspace("full-"):
        Path("/dev/full").write_bytes(b"rows")


@pytest.mark.django_db
def test_a_backup_that_fails_alarms_once_an_hour(place: Path, settings: Settings) -> None:
    settings.ADMINS = [("", "olga@example.com")]
    settings.BACKUPS = replace(settings.BACKUPS, to=str(place / "not-mounted"))
    for _ in range(2):
        with pytest.raises(CommandError, match="is no directory"):
            call_command("backup")
    assert len(mail.outbox) == 1
    assert SystemLog.objects.get(event_type=FAILED).data["cause"] == "cannot be made"


@pytest.mark.django_db
def test_a_proof_older_than_26_hours_alarms(place: Path, settings: Settings) -> None:
    row = SystemLog.objects.record(VERIFIED, "", result={"good": True, "checks": []})
    alarm_when_old()
    assert not SystemLog.objects.filter(event_type=FAILED).exists()
    SystemLog.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(hours=27))
    alarm_when_old()
    assert SystemLog.objects.get(event_type=FAILED).data["cause"] == "too old"


@pytest.mark.django_db
def test_a_backup_that_cannot_be_opened_is_a_failed_proof(place: Path) -> None:
    file = place / planted(place).parts[0].name
    file.write_bytes(file.read_bytes() + b"?")
    with pytest.raises(BackupError):
        verify_backup()
    assert [each.value for each in backups() if each.name == "last proof"] == ["failed"]


@pytest.mark.django_db
def test_the_home_page_tells_of_old_and_failed_backups(place: Path) -> None:
    assert {finding.level.value for finding in backups()} == {"red"}
    SystemLog.objects.record(MADE, "")
    SystemLog.objects.record(VERIFIED, "", result={"good": True, "checks": []})
    assert {finding.level.value for finding in backups()} == {"green"}
    bad: dict[str, Any] = {
        "good": False,
        "checks": [{"name": "counts", "good": False, "words": "rows differ"}],
    }
    SystemLog.objects.record(VERIFIED, "", result=bad | {"without_manifest": ["assessment-1.dump.age"]})
    assert [(each.level.value, each.reason) for each in backups() if each.reason] == [
        ("amber", "assessment-1.dump.age has no manifest: its making broke off, or the manifest is lost."),
        ("red", "The backup is not what it should be: counts (rows differ)."),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.processes
def test_a_backup_is_made_restored_and_proved_and_no_erased_person_comes_back(
    place: Path, hot_lead: Assessment
) -> None:
    manifest = make_backup()
    dump = (place / manifest.parts[0].name).read_bytes()
    assert b"assessments" not in dump
    assert manifest.contents.rows["assessments"] == 1
    # Ada is erased after the backup: the restored one must not bring her back.
    SuppressedAddress.objects.suppress(hot_lead.email or "")
    found = verify_backup()
    assert [check.name for check in found.checks if not check.good] == []
    words = {check.name: check.words for check in found.checks}
    assert words["erased people"] == "1 came back and were erased again, 0 left"
    assert words["sealed value"] == "FIELD_ENCRYPTION_KEYS opens it, and an address"
    record = SystemLog.objects.get(event_type=VERIFIED).data
    assert is_signed(record)
    assert not is_signed(record | {"result": record["result"] | {"good": False}})
    assert is_signed(json.loads((place / f"{manifest.name}.verified.json").read_text()))
    hot_lead.refresh_from_db()
    assert hot_lead.email
    assert not HubSpotErasure.objects.exists()


def test_a_fetched_dump_is_plain_only_in_its_directory(place: Path, tmp_path: Path) -> None:
    manifest = planted(place, b"rows")
    plain = fetch_dump(Directory(place), manifest, tmp_path, identity())
    assert plain.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError):
        decrypt(plain, tmp_path / "again", identity())
