"""The durable queue of leads to deliver to HubSpot.

Celery only wakes up a worker; this table is the queue. An open row refers to one lead and contains no
personal data: the lead is read when it is sent, so the newest values win and there is one copy. A lead has at
most one open row. A change of the lead bumps `revision`: when a worker has delivered an older revision, the
row is delivered once more.

`next_retry_at` is when an open row may be claimed: for a waiting row the next attempt, for a leased one the
end of its lease. So first attempts, retries and rows of dead workers share one queue and one index.
"""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment

LEASE = timedelta(seconds=120)  # over twice the longest duration of one batch
MAX_CLAIMS = 5  # claims without an outcome: a crash loop
SECOND_CLAIM_COHORT = 10  # rows: of a killed batch at most nine share a claim with the poison row


CLAIM = (Path(__file__).parents[1] / "sql/claim.sql").read_text()


class SyncType(models.TextChoices):
    CONTACT = "contact", _("Contact")
    DEAL = (
        "deal",
        _("Deal"),
    )  # required by the schema of the source documents; a deal is delivered with its contact here
    CONTACT_AND_DEAL = "contact_and_deal", _("Contact and deal")


class QueueStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("On its way")
    DONE = "done", _("Delivered")
    FAILED = "failed", _("Needs a person")
    CANCELLED = "cancelled", _("Nothing left to send")


class SyncQueueQuerySet(models.QuerySet["SyncQueueItem"]):
    def due(self) -> Self:
        """Rows whose time has come, and rows whose lease has expired."""
        return self.overdue().filter(claims__lt=MAX_CLAIMS)

    def crash_looping(self) -> Self:
        """Rows claimed repeatedly without an outcome: they kill their workers."""
        return self.overdue().filter(claims__gte=MAX_CLAIMS)

    def overdue(self) -> Self:
        return self.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED], next_retry_at__lte=Now())

    def undelivered(self) -> Self:
        return self.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED, QueueStatus.FAILED])

    def need_a_person(self) -> Self:
        return self.filter(status=QueueStatus.FAILED)

    def claim(self, limit: int) -> "list[SyncQueueItem]":
        """Lease up to `limit` due rows to the caller, oldest first. No two callers get the same row.

        A row whose worker died is claimed again in a smaller cohort, and from the third time on alone, to
        isolate a poison row.
        """
        lease = {
            "token": uuid.uuid4(),
            "lease": LEASE,
            "limit": limit,
            "max_claims": MAX_CLAIMS,
            "cohort": SECOND_CLAIM_COHORT,
        }
        return sorted(self.raw(CLAIM, lease), key=lambda item: item.created_at)


class SyncQueueItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="hubspot_queue", db_index=False
    )
    sync_type = models.CharField(max_length=50, choices=SyncType)
    # Required by the specified schema, like retry_delay_seconds; read only by the export of personal data. It
    # says why the lead is worth sending, never who it is: the lead itself is read at the moment of sending.
    payload = models.JSONField(db_default=Value({}, models.JSONField()))
    status = models.CharField(max_length=20, choices=QueueStatus, db_default=QueueStatus.WAITING)
    revision = models.IntegerField(db_default=1)

    retry_count = models.IntegerField("failures", db_default=0)
    max_retries = models.IntegerField(db_default=5)
    next_retry_at = models.DateTimeField(db_default=Now())
    retry_delay_seconds = models.IntegerField(db_default=0)
    outages = models.IntegerField(db_default=0)
    claims = models.IntegerField(db_default=0)
    lease_token = models.UUIDField(null=True)

    created_at = models.DateTimeField(db_default=Now())
    waiting_since = models.DateTimeField(db_default=Now())
    last_attempt_at = models.DateTimeField(null=True)
    last_error = models.TextField(db_default="", blank=True)
    failure_cause = models.CharField(max_length=100, db_default="", blank=True)

    completed_at = models.DateTimeField(null=True)
    hubspot_contact_id = models.CharField(max_length=255, null=True)
    hubspot_deal_id = models.CharField(max_length=255, null=True)

    objects = SyncQueueQuerySet.as_manager()

    class Meta:
        db_table = "hubspot_sync_queue"
        verbose_name = "queue item"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"],
                name="sync_queue_one_open_row",
                condition=Q(status__in=["waiting", "leased", "failed"]),
            ),
            models.CheckConstraint(name="sync_queue_status", condition=Q(status__in=QueueStatus.values)),
            models.CheckConstraint(name="sync_queue_sync_type", condition=Q(sync_type__in=SyncType.values)),
            models.CheckConstraint(
                name="sync_queue_leased_has_token",
                condition=~Q(status="leased") | Q(lease_token__isnull=False),
            ),
        ]
        indexes = [
            # The claim: waiting rows and expired leases, by time.
            models.Index(
                fields=["next_retry_at", "created_at"],
                name="sync_queue_due",
                condition=Q(status__in=["waiting", "leased"]),
            ),
            # Rows that need a person, by cause.
            models.Index(fields=["failure_cause"], name="sync_queue_failed", condition=Q(status="failed")),
            # The rows of one claim.
            models.Index(
                fields=["lease_token"],
                name="sync_queue_lease_token",
                condition=Q(lease_token__isnull=False),
            ),
            # The history of one lead; the cascade of a purge.
            models.Index(fields=["assessment"], name="sync_queue_assessment"),
            # The scrub and the admin list.
            models.Index(fields=["created_at"], name="sync_queue_created"),
        ]

    def __str__(self) -> str:
        values = {"type": self.get_sync_type_display(), "lead": self.assessment_id}
        return gettext("%(type)s of %(lead)s") % values

    @property
    def cause(self) -> str:
        """The code of the last error; '' if there was none."""
        return self.failure_cause or self.last_error
