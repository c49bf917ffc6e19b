"""Notes of sales about a lead. They may name the person, so they are encrypted and deleted by the scrub."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from assessments.models.assessment import Assessment
from encryption.fields import EncryptedTextField

MOST_CHARACTERS = 4000


class LeadNote(models.Model):
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="lead_notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    text = EncryptedTextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "lead_notes"
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Note on {self.assessment_id}"
