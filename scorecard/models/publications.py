import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from scorecard.constraints import one_of
from scorecard.models.questionnaires import Questionnaire
from scorecard.models.versions import QuestionnaireVersion


class PublicationStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    PUBLISHED = "published", "Published"
    CANCELLED = "cancelled", "Cancelled"


class ScheduledPublicationQuerySet(QuerySet["ScheduledPublication"]):
    def waiting(self) -> "ScheduledPublicationQuerySet":
        return self.filter(status=PublicationStatus.WAITING)

    def due(self) -> "ScheduledPublicationQuerySet":
        """Those whose time has come, by the database's clock, the earliest first."""
        return self.waiting().filter(publish_at__lte=Now()).order_by("publish_at", "created_at")


class ScheduledPublication(models.Model):
    """A definition that becomes a version at a time. It was checked and frozen when it was scheduled."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="publications", db_index=False
    )
    definition = models.JSONField()
    note = models.TextField(blank=True, db_default="")
    publish_at = models.DateTimeField()
    status = models.CharField(
        max_length=10, choices=PublicationStatus, default=PublicationStatus.WAITING, db_default="waiting"
    )
    version = models.ForeignKey(
        QuestionnaireVersion,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,  # versions are never deleted
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,  # queried only when a user is deleted, and the table is small
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ScheduledPublicationQuerySet.as_manager()

    class Meta:
        db_table = "scheduled_publications"
        ordering = ["-publish_at"]
        constraints = [
            one_of("scheduled_publications", "status", PublicationStatus.values),
            # One at a time for each questionnaire; also the index of the foreign key and of `due`.
            models.UniqueConstraint(
                name="scheduled_publications_one_waiting",
                fields=["questionnaire"],
                condition=Q(status=PublicationStatus.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} at {self.publish_at}"
