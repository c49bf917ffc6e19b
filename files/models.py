"""The content of files where no other store is set, and what is still to be removed from any store."""

from django.db import models
from django.db.models.functions import Now


class StoredFile(models.Model):
    """A file in the database, for `files.database_storage`; encrypted by `files.content`."""

    name = models.CharField(max_length=100, primary_key=True)
    content = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "stored_files"

    def __str__(self) -> str:
        return self.name


class FileRemoval(models.Model):
    """A stored file whose row and key are gone: its content is removed by `files.removal`."""

    name = models.CharField(max_length=100, primary_key=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "file_removals"

    def __str__(self) -> str:
        return self.name
