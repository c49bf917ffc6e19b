"""Rows for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from factory.declarations import Sequence
from factory.django import DjangoModelFactory

from files.models import FileRemoval, StoredFile


class StoredFileFactory(DjangoModelFactory[StoredFile]):
    class Meta:
        model = StoredFile

    name = Sequence(lambda number: f"stored-{number}")
    content = b"content"


class FileRemovalFactory(DjangoModelFactory[FileRemoval]):
    class Meta:
        model = FileRemoval

    name = Sequence(lambda number: f"removed-{number}")
