import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now

from scorecard.models.questionnaires import Questionnaire


class QuestionnaireVersion(models.Model):
    """An immutable published version: assessments are shown and scored with the version they started on.

    `definition` is written by `scorecard.definition.freeze`; `checksum` is the SHA-256 of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    checksum = models.CharField(max_length=64)
    note = models.TextField(blank=True, db_default="", editable=False)  # what changed, by who published it
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,  # queried only when a user is deleted, and the table is small
    )

    class Meta:
        db_table = "questionnaire_versions"
        ordering = ["questionnaire", "-number"]
        constraints = [
            # Also the index of the foreign key.
            models.UniqueConstraint(
                name="questionnaire_versions_number_once", fields=["questionnaire", "number"]
            ),
            models.CheckConstraint(name="questionnaire_versions_number_from_1", condition=Q(number__gte=1)),
        ]
        indexes = [
            # For the form, which looks up the latest version by key without the draft tables.
            models.Index(KeyTransform("key", "definition"), F("number").desc(), name="idx_versions_current"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="freeze",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["published_by"]),
            ),
            # The one allowed change: SET NULL when the user who published it is deleted.
            pgtrigger.Protect(
                name="publisher_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__published_by__isnull=False)
                & pgtrigger.Q(new__published_by__df=pgtrigger.F("old__published_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition['name']} {self.number}"
