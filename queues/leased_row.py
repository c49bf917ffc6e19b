"""A durable queue: rows that are worked on by one worker at a time, under a lease.

1. `claim()` leases the oldest due row in one short transaction, by the database's clock. 2. The worker works
outside any transaction. 3. `settle()` records the outcome, guarded by the lease token: a worker that lost its
lease changes nothing. 4. A row whose lease expired is due again, so first attempt, retry, crash and replay
share one path.

Subclasses define `status`, with at least the states in queues/states.py, and their own indexes for `due()`.
"""

import uuid
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from queues.states import FAILED, LEASED, UNFINISHED, WAITING

LEASE = timedelta(seconds=120)  # longer than the work on one row may take
MAX_CLAIMS = 5  # claims without an outcome, each ended by a crash
CAUSE_LENGTH = 100

RELEASED: dict[str, Any] = {"lease_token": None, "lease_until": None, "claims": 0}
FRESH: dict[str, Any] = {**RELEASED, "failures": 0, "failure_cause": "", "next_try_at": Now()}

DUE = Q(status=WAITING, next_try_at__lte=Now()) | Q(status=LEASED, lease_until__lt=Now())

Row = TypeVar("Row", bound="LeasedRow")


class LeasedRowQuerySet(models.QuerySet[Row]):
    """Due, unfinished and failed rows of a queue, and the claim."""

    def due(self) -> Self:
        """Return waiting rows whose time has come, and rows whose lease expired."""
        return self.filter(DUE)

    def unfinished(self) -> Self:
        return self.filter(status__in=UNFINISHED)

    def need_a_person(self) -> Self:
        """Return rows that failed permanently."""
        return self.filter(status=FAILED)

    def claim(self) -> Row | None:
        """Lease the oldest due row to the caller, or return None. Concurrent callers get different rows."""
        queue = self.model._default_manager
        token = uuid.uuid4()
        with transaction.atomic():
            due = queue.filter(DUE).select_for_update(skip_locked=True).order_by("next_try_at", "created_at")
            found = due.values_list("pk", flat=True).first()
            if found is None:
                return None
            queue.filter(pk=found).update(
                status=LEASED, lease_token=token, lease_until=Now() + LEASE, claims=F("claims") + 1
            )
        return self.get(pk=found)

    def send_again(self) -> int:
        """Requeue the failed ones among these rows with fresh attempts; return how many."""
        return self.need_a_person().update(status=WAITING, **FRESH)


class LeasedRow(models.Model):
    """Abstract row of a durable queue, with its lease, its failures and the time of its next attempt."""

    status: Any  # choices defined by the subclass
    claims = models.IntegerField(db_default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    failures = models.IntegerField(db_default=0)  # consecutive; they select the next delay
    next_try_at = models.DateTimeField(db_default=Now())
    failure_cause = models.CharField(max_length=CAUSE_LENGTH, db_default="", blank=True)  # one of our codes
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True

    @property
    def is_crash_looping(self) -> bool:
        """Whether the row was claimed more than `MAX_CLAIMS` times without an outcome."""
        return self.claims > MAX_CLAIMS

    def settle(self, status: str, **outcome: Any) -> bool:
        """Record the outcome and release the lease; False, without any change, when the lease was lost."""
        ours = type(self)._default_manager.filter(pk=self.pk, lease_token=self.lease_token)
        return bool(ours.update(**{**RELEASED, "status": status, **outcome}))

    def wait(self, seconds: float, cause: str, **outcome: Any) -> bool:
        """Requeue the row for `seconds` from now; False when the lease was lost."""
        later = Now() + timedelta(seconds=seconds)
        return self.settle(WAITING, next_try_at=later, failure_cause=cause[:CAUSE_LENGTH], **outcome)

    def fail(self, cause: str) -> bool:
        """Mark the row as failed permanently; False when the lease was lost."""
        return self.settle(FAILED, failure_cause=cause[:CAUSE_LENGTH])
