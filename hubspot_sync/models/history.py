"""The outcome of each delivery of a lead: an append-only history.

A queue row has only the latest state; the history has every step, with the correlation ids for HubSpot's
support.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment


class AttemptOutcome(models.TextChoices):
    DELIVERED = "delivered", _("Delivered")
    POSTPONED = "postponed", _("HubSpot could not answer")
    STOPPED = "stopped", _("The account is misconfigured")
    FAILED = "failed", _("Failed, will be tried again")
    GIVEN_UP = "given_up", _("Needs a person")
    NOTHING_TO_SEND = "nothing_to_send", _("Nothing left to send")


class SyncAttempt(models.Model):
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="hubspot_attempts", db_index=False
    )
    revision = models.IntegerField()
    outcome = models.CharField(max_length=20, choices=AttemptOutcome)
    cause = models.CharField(max_length=100, blank=True)
    correlation_id = models.CharField(max_length=64, blank=True)  # correlation id of HubSpot's answer
    trace_id = models.CharField(max_length=32, blank=True, db_default="")  # of OpenTelemetry, with TRACES_URL
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "hubspot_sync_attempts"
        verbose_name = "attempt"
        constraints = [
            models.CheckConstraint(
                name="sync_attempts_outcome", condition=Q(outcome__in=AttemptOutcome.values)
            )
        ]
        indexes = [
            # The history of one lead; the cascade of a purge.
            models.Index(fields=["assessment", "created_at"], name="sync_attempts_assessment"),
            # Retention.
            models.Index(fields=["created_at"], name="sync_attempts_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.cause}".strip()
