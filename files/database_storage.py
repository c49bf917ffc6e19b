"""A storage of Django's that holds files in PostgreSQL: they are backed up with everything else."""

from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from files.models import StoredFile


@deconstructible
class DatabaseStorage(Storage):
    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        try:
            found = StoredFile.objects.only("content").get(pk=name)
        except StoredFile.DoesNotExist:
            raise FileNotFoundError(name) from None
        return File(BytesIO(bytes(found.content)), name=name)

    def _save(self, name: str, content: Any) -> str:
        StoredFile.objects.create(name=name, content=content.read())
        return name

    def delete(self, name: str) -> None:
        StoredFile.objects.filter(pk=name).delete()

    def exists(self, name: str) -> bool:
        return StoredFile.objects.filter(pk=name).exists()
