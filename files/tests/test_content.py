"""Files in a store: encrypted, in the database, a directory or a bucket."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage.handler import StorageHandler

from config import connections
from files import content
from files.models import FileRemoval, StoredFile
from files.removal import PATIENCE, remove_files
from queues.database_clock import database_now

pytestmark = pytest.mark.django_db


def storages_of(uploads: Any) -> StorageHandler:
    return StorageHandler({"uploads": uploads})


@pytest.fixture(params=["database", "directory"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """Each store that needs no other machine, as the settings make it."""
    monkeypatch.setenv("UPLOADS_STORAGE", request.param)
    monkeypatch.setenv("UPLOADS_DIRECTORY", str(tmp_path / "uploads"))
    handler = storages_of(connections.uploads())
    monkeypatch.setattr(content, "storages", handler)
    return str(request.param)


def test_a_file_is_read_as_it_was_written_and_stored_as_noise(kind: str, tmp_path: Path) -> None:
    name, key = content.new_name(), content.new_key()
    content.write(name, key, b"very private" * 100)
    assert content.read(name, key) == b"very private" * 100
    stored = (
        bytes(StoredFile.objects.get(pk=name).content)
        if kind == "database"
        else (tmp_path / "uploads" / name).read_bytes()
    )
    assert b"private" not in stored


def test_without_its_own_key_a_file_stays_closed(kind: str) -> None:
    name = content.new_name()
    content.write(name, content.new_key(), b"x")
    with pytest.raises(content.ContentMissing):
        content.read(name, content.new_key())


def test_removing_twice_is_harmless(kind: str) -> None:
    name, key = content.new_name(), content.new_key()
    content.write(name, key, b"x")
    content.remove(name)
    content.remove(name)
    with pytest.raises(content.ContentMissing):
        content.read(name, key)


def note_removal(name: str) -> None:
    FileRemoval.objects.create(name=name, created_at=database_now() - 2 * PATIENCE)


def test_noted_files_are_removed_and_what_a_store_refuses_stays(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [content.new_name() for _ in range(2)]
    for name in names:
        content.write(name, content.new_key(), b"x")
        note_removal(name)
    refused, remove = names[0], content.remove

    def refuse(name: str) -> None:
        if name == refused:
            raise OSError("the store is away")
        remove(name)

    monkeypatch.setattr(content, "remove", refuse)
    assert remove_files() == 1
    monkeypatch.setattr(content, "remove", remove)
    assert remove_files() == 1
    assert not FileRemoval.objects.exists()


def test_what_was_noted_just_now_waits_for_a_request_that_may_still_write() -> None:
    FileRemoval.objects.create(name="fresh")
    assert remove_files() == 0
    assert FileRemoval.objects.exists()


def test_a_bucket_is_set_up_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "UPLOADS_STORAGE": "s3",
        "UPLOADS_S3_BUCKET": "ours",
        "UPLOADS_S3_ENDPOINT": "https://s3.example",
    }
    keys = {"UPLOADS_S3_ACCESS_KEY": "key", "UPLOADS_S3_SECRET_KEY": "secret"}
    for name, value in {**given, **keys}.items():
        monkeypatch.setenv(name, value)
    found: Any = storages_of(connections.uploads())["uploads"]
    assert (found.bucket_name, found.endpoint_url, found.access_key) == ("ours", "https://s3.example", "key")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "UPLOADS_S3_BUCKET"),
        ({"UPLOADS_S3_BUCKET": "ours", "UPLOADS_S3_ACCESS_KEY": "key"}, "UPLOADS_S3_SECRET_KEY"),
        ({"UPLOADS_S3_BUCKET": "ours", "UPLOADS_S3_SECRET_KEY": "key"}, "UPLOADS_S3_ACCESS_KEY"),
        ({"UPLOADS_S3_BUCKET": "ours", "UPLOADS_S3_ENDPOINT": "s3.example"}, "UPLOADS_S3_ENDPOINT"),
    ],
)
def test_a_bucket_that_cannot_work_is_named(
    given: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"UPLOADS_STORAGE": "s3", **given}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        connections.uploads()
    assert str(stopped.value.code).startswith(f"{named} ")
