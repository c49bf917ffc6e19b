import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now

from scorecard.models.questionnaires import Questionnaire


class QuestionnaireVersion(models.Model):
    """What respondents see and scores are computed from, for ever: assessments pin their version.

    `definition` is written by `scorecard.definition.freeze`; `checksum` is the SHA-256 of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    checksum = models.CharField(max_length=64)
    published_at = models.DateTimeField(db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,  # asked for only when a user is deleted, and there are few versions
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
            # The form asks for the latest version of a key, without the draft tables.
            models.Index(KeyTransform("key", "definition"), F("number").desc(), name="idx_versions_current"),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="freeze",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["published_by"]),
            ),
            # One change is allowed: a user who is deleted takes the name along.
            pgtrigger.Protect(
                name="publisher_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__published_by__isnull=False)
                & pgtrigger.Q(new__published_by__df=pgtrigger.F("old__published_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition['name']} {self.number}"
