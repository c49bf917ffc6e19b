"""A backup in a bucket of a server that speaks S3: made, listed, proved, restored, expired.

`script/test --deep` installs the server (moto, of requirements-deep.txt); without it these tests are skipped.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from django.conf import settings as living
from pytest_django import Settings

from assessments.models import Assessment
from backups.errors import BackupError
from backups.keys import write_new_key
from backups.making import delete_old, make_backup
from backups.manifest import ENDING
from backups.places import backup_place, in_order
from backups.restoring import opened_backup
from backups.verification import verify_backup
from config.embedded.valkey import free_port
from config.tests.processes import await_that

SERVER = shutil.which("moto_server")
pytestmark = [
    pytest.mark.skipif(not SERVER, reason="no server that speaks S3: script/test --deep installs one"),
    pytest.mark.processes,
]


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def bucket(tmp_path: Path, settings: Settings) -> Iterator[str]:
    """The address of a server with an empty bucket, where backups go."""
    port, public = free_port(), write_new_key(tmp_path / "key")
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [str(SERVER), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_that(lambda: answers(port), seconds=60)
        requests.put(f"{url}/kept", timeout=10).raise_for_status()
        settings.BACKUPS = replace(
            living.BACKUPS,
            to="s3://kept/of/us",
            recipient=public,
            identity_file=str(tmp_path / "key"),
            bucket_endpoint=url,
            bucket_region="us-east-1",
            bucket_key_id="id",
            bucket_secret="secret",
        )
        yield url
    finally:
        server.terminate()
        server.wait()


@pytest.mark.django_db(transaction=True)
def test_a_backup_in_a_bucket_is_made_listed_proved_and_fetched(bucket: str, hot_lead: Assessment) -> None:
    manifest = make_backup()
    assert list(in_order(backup_place().names(), ENDING)) == [f"{manifest.name}{ENDING}"]
    assert [check.name for check in verify_backup().checks if not check.good] == []
    with opened_backup() as (found, dump):
        assert found.name == manifest.name
        assert dump.read_bytes().startswith(b"PGDMP")
    assert f"{manifest.name}.verified.json" in backup_place().names()
    assert delete_old(backup_place(), datetime.now(UTC) + timedelta(days=60)) == 0


@pytest.mark.parametrize(
    "wrong",
    [{"to": "s3://another/of/us"}, {"bucket_endpoint": "http://127.0.0.1:9"}],
    ids=["no such bucket", "no server"],
)
def test_a_bucket_that_cannot_be_used_is_told_in_a_sentence(
    bucket: str, wrong: dict[str, str], settings: Settings
) -> None:
    settings.BACKUPS = replace(settings.BACKUPS, **wrong)
    with pytest.raises(BackupError, match=r"The bucket of BACKUP_TO cannot be used .*BACKUP_BUCKET_ENDPOINT"):
        backup_place().names()
