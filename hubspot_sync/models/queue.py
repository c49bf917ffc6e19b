"""The durable queue of leads on their way to HubSpot.

Celery only wakes a worker; this table remembers. A row that is not done names the one lead it is about and
holds nothing personal: the lead is read when it is sent, so the newest values win and there is one copy.
While a row is open there is no second one for the same lead. A change of the lead bumps `revision`: a
worker that delivers an older revision sends the row round once more.

`next_retry_at` is when an open row may be claimed: for a waiting one when its time comes, for a leased one
when its lease runs out. So a first try, a retry and what a dead worker left are one line and one index.
"""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Self

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from assessments.models import Assessment

LEASE = timedelta(seconds=120)  # over twice what one batch may take
MAX_CLAIMS = 5  # claims without any outcome: the row is crash looping
SECOND_CLAIM_COHORT = (
    10  # rows that a second claim takes: of one killed batch at most nine are in bad company
)


CLAIM = (Path(__file__).parents[1] / "sql/claim.sql").read_text()


class SyncType(models.TextChoices):
    CONTACT = "contact", "Contact"
    DEAL = (
        "deal",
        "Deal",
    )  # asked for by the schema of the source documents; a deal goes with its contact here
    CONTACT_AND_DEAL = "contact_and_deal", "Contact and deal"


class QueueStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    LEASED = "leased", "On its way"
    DONE = "done", "Delivered"
    FAILED = "failed", "Needs a person"
    CANCELLED = "cancelled", "Nothing left to send"


class SyncQueueQuerySet(models.QuerySet["SyncQueueItem"]):
    def due(self) -> Self:
        """Waiting and its time has come, or leased to a worker that never came back."""
        return self.overdue().filter(claims__lt=MAX_CLAIMS)

    def crash_looping(self) -> Self:
        """Claimed again and again without an outcome: the row kills its workers."""
        return self.overdue().filter(claims__gte=MAX_CLAIMS)

    def overdue(self) -> Self:
        return self.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED], next_retry_at__lte=Now())

    def undelivered(self) -> Self:
        return self.filter(status__in=[QueueStatus.WAITING, QueueStatus.LEASED, QueueStatus.FAILED])

    def need_a_person(self) -> Self:
        return self.filter(status=QueueStatus.FAILED)

    def claim(self, limit: int) -> "list[SyncQueueItem]":
        """Lease up to `limit` due rows to the caller, oldest first. No two callers get one row.

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
    # A column of the ordered schema, as is retry_delay_seconds; read by a person's export only. Why the lead
    # is worth sending, never who it is: what is sent is read at the moment of sending.
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
            # The claim: what waits and leases that ran out, by time.
            models.Index(
                fields=["next_retry_at", "created_at"],
                name="sync_queue_due",
                condition=Q(status__in=["waiting", "leased"]),
            ),
            # What a person must look at, by cause.
            models.Index(fields=["failure_cause"], name="sync_queue_failed", condition=Q(status="failed")),
            # The rows of one claim.
            models.Index(
                fields=["lease_token"],
                name="sync_queue_lease_token",
                condition=Q(lease_token__isnull=False),
            ),
            # The history of one lead; the cascade of a purge.
            models.Index(fields=["assessment"], name="sync_queue_assessment"),
            # The scrub and the list of the admin.
            models.Index(fields=["created_at"], name="sync_queue_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_sync_type_display()} of {self.assessment_id}"

    @property
    def cause(self) -> str:
        """The code of what went wrong last; '' when nothing did."""
        return self.failure_cause or self.last_error
