"""A file that answers a question. Its content is in the store of `files.content`, under a random name.

The row comes first and the content after it, so that nothing is stored that no row names. When the row goes,
whatever deletes it, a trigger notes the content for removal; without the row's key it can no longer be read.
"""

import uuid
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models.functions import Now

from assessments.models.assessment import Assessment
from encryption.fields import EncryptedTextField

NOTE_REMOVAL = """
INSERT INTO file_removals (name) VALUES (OLD.stored_name) ON CONFLICT DO NOTHING;
RETURN NULL;
"""


class UploadQuerySet(models.QuerySet["Upload"]):
    def attached(self) -> Self:
        """Those that are part of an answer."""
        return self.filter(attached_at__isnull=False)


class Upload(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="uploads", db_index=False
    )
    question_key = models.CharField(max_length=100)
    name = EncryptedTextField()  # as its owner called it, made safe
    kind = models.CharField(max_length=10)  # of files.kinds, found in the content
    media_type = models.CharField(max_length=100)
    size = models.IntegerField()  # bytes
    stored_name = models.CharField(max_length=100)
    content_key = EncryptedTextField()
    is_scanned = models.BooleanField()  # for viruses; False where no scanner is set
    created_at = models.DateTimeField(db_default=Now())
    attached_at = models.DateTimeField(null=True)  # when an answer began to name it

    objects = UploadQuerySet.as_manager()

    class Meta:
        db_table = "uploads"
        indexes = [
            # The files of an assessment: saving, the lead page, purge.
            models.Index(fields=["assessment", "question_key"], name="uploads_assessment"),
            # What no answer names: the clean-up.
            models.Index(
                fields=["created_at"], name="uploads_unattached", condition=models.Q(attached_at__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="note_removal",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func=NOTE_REMOVAL,
            )
        ]

    def __str__(self) -> str:
        return f"File {self.pk}"

    def as_answer(self) -> dict[str, Any]:
        """The file as an answer names it: see scorecard/question_types/file_upload.py."""
        return {"id": str(self.pk), "name": self.name, "size": self.size, "mimeType": self.media_type}
