"""The queue against a model: whatever happens in whatever order, no lead is lost and none is stale.

Workers here do what delivery does, one step at a time, and may sleep through their lease between any two.
QUEUE_MODEL_RUNS and QUEUE_MODEL_STEPS make it larger: script/chaos does.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from hubspot_sync.delivery import recording, sweep
from hubspot_sync.delivery.enqueue import enqueue, resend
from hubspot_sync.http.errors import Misconfigured, Throttled, TryAgain
from hubspot_sync.models import MAX_CLAIMS, QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import time_passes
from scorecard.models import QuestionnaireVersion

LEADS = 2
OPEN = {QueueStatus.WAITING, QueueStatus.LEASED, QueueStatus.FAILED}


@dataclass
class Worker:
    """The rows it claimed, and the state of each lead that it read then: a count of changes."""

    items: list[SyncQueueItem]
    read: dict[SyncQueueItem, int] = field(default_factory=dict)


OUTCOMES: dict[str, Callable[[list[SyncQueueItem]], None]] = {
    "no answer": lambda items: recording.record_outage(items, TryAgain("http_503")),
    "no place": lambda items: recording.record_outage(items, Throttled("throttled", retry_after=10)),
    "may not enter": lambda items: recording.record_misconfigured(items, Misconfigured("not_authorised_401")),
    "first fails": lambda items: recording.record_failed_attempt(items[0], "no_answer_for_input"),
    "all refused": lambda items: recording.record_rejected(items, "invalid_email"),
}


class QueueMachine(RuleBasedStateMachine):
    leads: list[Assessment]  # committed before the machine starts
    workers = Bundle("workers")
    numbers = st.integers(0, LEADS - 1)

    def __init__(self) -> None:
        super().__init__()
        self.changes = dict.fromkeys((lead.pk for lead in self.leads), 0)
        self.latest: Worker | None = None
        self.savepoint = transaction.savepoint()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    # Visitors and staff

    @rule(number=numbers)
    def change(self, number: int) -> None:
        lead = self.leads[number]
        self.changes[lead.pk] += 1
        enqueue(lead)

    @rule(number=numbers)
    def send_again(self, number: int) -> None:
        lead = self.leads[number]
        if self.changes[lead.pk]:
            resend(lead)

    # Time: a lease runs out, a wait ends, an outage lasts too long

    @rule(hours=st.sampled_from([0.05, 2, 73]), swept=st.booleans())
    def time_goes_by(self, hours: float, swept: bool) -> None:
        time_passes(hours=hours)
        if swept:
            sweep.fail_crash_looping()

    # Workers

    @rule(target=workers, limit=st.integers(1, LEADS))
    def claim(self, limit: int) -> Any:
        items = SyncQueueItem.objects.claim(limit)
        assert len(items) <= 1 or {item.claims for item in items} <= {1, 2}
        assert len({item.claims for item in items}) <= 1
        assert all(item.claims <= MAX_CLAIMS for item in items)
        if not items:
            return multiple()
        self.latest = Worker(items, {item: self.changes[item.assessment_id] for item in items})
        return self.latest

    @rule(worker=workers)
    def write_contacts(self, worker: Worker) -> None:
        """The id stands for what HubSpot was told: the lead as the worker read it."""
        missing = {item: str(worker.read[item]) for item in worker.items if not item.hubspot_contact_id}
        recording.record_step("hubspot_contact_id", missing)

    @rule(worker=workers)
    def finish(self, worker: Worker) -> None:
        recording.record_delivered([item for item in worker.items if item.hubspot_contact_id])

    @precondition(lambda self: self.latest)
    @rule(meanwhile=st.none() | numbers)
    def deliver(self, meanwhile: int | None) -> None:
        """The usual way in one go, but for somebody who changes a lead between the steps."""
        assert self.latest
        self.write_contacts(self.latest)
        if meanwhile is not None:
            self.change(meanwhile)
        self.finish(self.latest)

    @rule(worker=workers, how=st.sampled_from(sorted(OUTCOMES)))
    def give_back(self, worker: Worker, how: str) -> None:
        OUTCOMES[how](worker.items)

    # What must hold

    @invariant()
    def every_lead_and_every_row_is_as_it_must_be(self) -> None:
        rows = list(SyncQueueItem.objects.select_related("assessment").order_by("created_at"))
        for lead in self.leads:
            self.check_lead(lead, [row for row in rows if row.assessment_id == lead.pk])
        for row in rows:
            check_row(row)

    def check_lead(self, lead: Assessment, rows: list[SyncQueueItem]) -> None:
        """One open row at most, no change is lost, and done means delivered as it is now."""
        changes = self.changes[lead.pk]
        assert sum(row.status in OPEN for row in rows) <= 1
        if not rows:
            assert not changes
        elif rows[-1].status == QueueStatus.DONE:
            assert rows[-1].hubspot_contact_id == str(changes)
        else:
            assert rows[-1].status in OPEN


def check_row(row: SyncQueueItem) -> None:
    """A failed row says why, and its lead too; whoever waits holds no lease and is not suspected."""
    if row.status == QueueStatus.FAILED:
        assert row.failure_cause
        assert row.assessment.hubspot_sync_status == "failed"
    if row.status != QueueStatus.LEASED:
        assert (row.lease_token, row.claims) == (None, 0)


@pytest.mark.django_db
def test_no_order_of_events_loses_a_lead_or_leaves_it_stale(version: QuestionnaireVersion) -> None:
    class Machine(QueueMachine):
        leads = [AssessmentFactory.create(version=version, email=f"lead{n}@x.example") for n in range(LEADS)]

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=int(os.environ.get("QUEUE_MODEL_RUNS", "50")),
            stateful_step_count=int(os.environ.get("QUEUE_MODEL_STEPS", "20")),
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
