import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from hubspot_sync.delivery import recording, sweep
from hubspot_sync.delivery.enqueue import enqueue, resend
from hubspot_sync.http.errors import Misconfigured, TryAgain
from hubspot_sync.models import MAX_CLAIMS, SECOND_CLAIM_COHORT, QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import Queue, fresh, row_of, time_passes
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db


def claim(limit: int = 100) -> list[SyncQueueItem]:
    return SyncQueueItem.objects.claim(limit)


def dies() -> None:
    """The worker that holds the rows is gone; its lease runs out."""
    time_passes(minutes=3)


def test_the_row_that_waits_longest_comes_first(queued: Queue) -> None:
    later, first = queued("later@x.example"), queued("first@x.example")
    SyncQueueItem.objects.filter(assessment=later).update(next_retry_at=Now() - timedelta(hours=1))
    SyncQueueItem.objects.filter(assessment=first).update(next_retry_at=Now() - timedelta(hours=2))
    assert [item.assessment_id for item in claim(1)] == [first.pk]


def test_a_claim_takes_no_more_than_it_is_asked_to(queued: Queue) -> None:
    for number in range(3):
        queued(f"{number}@x.example")
    assert len(claim(2)) == 2
    assert len(claim(2)) == 1


def test_a_leased_row_is_not_claimed_again(queued: Queue) -> None:
    queued()
    assert claim()
    assert claim() == []


def test_a_lease_that_ran_out_is_found(queued: Queue) -> None:
    lead = queued()
    [before] = claim()
    dies()
    [after] = claim()
    assert after.assessment_id == lead.pk
    assert after.lease_token != before.lease_token
    assert after.claims == 2


def test_rows_whose_worker_died_are_claimed_apart_from_fresh_ones(queued: Queue) -> None:
    suspect = queued("suspect@x.example")
    claim()
    dies()
    queued("fresh@x.example")
    assert [item.assessment_id for item in claim()] == [suspect.pk]


def test_a_second_claim_takes_few_rows_and_a_third_only_one(queued: Queue) -> None:
    for number in range(SECOND_CLAIM_COHORT + 1):
        queued(f"{number}@x.example")
    sizes = []
    for _ in range(4):
        sizes.append(len(claim()))
        dies()
    assert sizes == [SECOND_CLAIM_COHORT + 1, SECOND_CLAIM_COHORT, 1, 1]


def test_a_row_that_killed_three_workers_is_claimed_alone_however_many_wait_with_it(queued: Queue) -> None:
    for number in range(3):
        queued(f"{number}@x.example")
    claim()
    SyncQueueItem.objects.update(claims=3)
    dies()
    assert [item.claims for item in claim()] == [4]


def test_a_suspect_has_waited_longest_and_is_claimed_apart_from_fresh_rows(queued: Queue) -> None:
    suspect = queued("suspect@x.example")
    claim()
    dies()
    fresh_ones = {queued("one@x.example").pk, queued("two@x.example").pk}
    assert [item.assessment_id for item in claim()] == [suspect.pk]
    assert {item.assessment_id for item in claim()} == fresh_ones


def test_an_outcome_clears_the_suspicion(queued: Queue) -> None:
    queued()
    recording.record_outage(claim(), TryAgain("http_503"))
    assert SyncQueueItem.objects.get().claims == 0


def test_a_row_that_kills_its_worker_five_times_is_taken_out_of_the_line(
    queued: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    lead = queued()
    for _ in range(MAX_CLAIMS):
        assert len(claim()) == 1
        assert sweep.fail_crash_looping() == 0
        dies()
    assert claim() == []
    assert sweep.fail_crash_looping() == 1
    assert (row_of(lead).status, row_of(lead).failure_cause) == (QueueStatus.FAILED, "worker_died")
    assert fresh(lead).hubspot_sync_status == "failed"
    assert str(lead.pk) in caplog.text


def test_the_others_go_on_while_one_kills_its_workers(queued: Queue) -> None:
    queued("deadly@x.example")
    SyncQueueItem.objects.update(claims=MAX_CLAIMS - 1, next_retry_at=Now() - timedelta(hours=1))
    good = queued("good@x.example")
    assert len(claim()) == 1
    assert [item.assessment_id for item in claim()] == [good.pk]


def test_a_quarantined_lead_can_be_sent_again(queued: Queue) -> None:
    lead = queued()
    claim()
    SyncQueueItem.objects.update(claims=MAX_CLAIMS)
    dies()
    sweep.fail_crash_looping()
    resend(fresh(lead))
    assert [item.claims for item in claim()] == [1]


# Two workers at once


@pytest.mark.django_db(transaction=True)
def test_a_claim_passes_by_rows_that_somebody_is_just_claiming(queued: Queue, elsewhere: Elsewhere) -> None:
    one, other = queued("one@x.example"), queued("other@x.example")
    with transaction.atomic():
        mine = SyncQueueItem.objects.select_for_update().get(assessment=one)
        theirs = elsewhere.do(claim)
    assert [item.assessment_id for item in theirs] == [other.pk]
    assert mine.assessment_id == one.pk


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_claim_one_row_twice(queued: Queue, elsewhere: Elsewhere) -> None:
    for number in range(40):
        queued(f"{number}@x.example")
    together = threading.Barrier(4)

    def work(_: int) -> list[uuid.UUID]:
        together.wait(timeout=10)
        taken = []
        while items := claim(3):
            taken += [item.pk for item in items]
        return taken

    taken = [pk for part in elsewhere.at_once(4, work) for pk in part]
    # Rows that another claim held at that moment are left for later, never taken twice.
    taken += [item.pk for item in claim()]
    assert Counter(taken) == Counter(SyncQueueItem.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_outcome_waits_for_a_lead_that_is_changing_and_then_sends_it_round(
    queued: Queue, elsewhere: Elsewhere
) -> None:
    lead = queued()
    items = claim()
    with transaction.atomic():
        lead.save(update_fields=["company"])
        outcome = elsewhere.waits(lambda: recording.record_delivered(items))
        enqueue(lead)  # a deadlock, had the outcome taken its row before the lead
    outcome.result(timeout=10)
    assert row_of(lead).status == QueueStatus.WAITING
    assert fresh(lead).hubspot_sync_status == "pending"


# A zombie: it slept through its lease, and somebody else has the row now

OUTCOMES: dict[str, Callable[[list[SyncQueueItem]], Any]] = {
    "note_step": lambda items: recording.record_step("hubspot_contact_id", dict.fromkeys(items, "51")),
    "delivered": recording.record_delivered,
    "nothing_to_send": recording.record_nothing_to_send,
    "postponed": lambda items: recording.record_outage(items, TryAgain("http_503")),
    "attempt_failed": lambda items: recording.record_failed_attempt(items[0], "no_answer_for_input"),
    "refused": lambda items: recording.record_rejected(items, "invalid_email"),
    "stopped": lambda items: recording.record_misconfigured(items, Misconfigured("not_authorised_401")),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_zombie_writes_nothing(queued: Queue, outcome: str) -> None:
    lead = queued()
    zombie = claim()
    dies()
    claim()
    before = SyncQueueItem.objects.values().get(), fresh(lead).__dict__ | {"_state": None}
    OUTCOMES[outcome](zombie)
    after = SyncQueueItem.objects.values().get(), fresh(lead).__dict__ | {"_state": None}
    assert after == before


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_zombie_whose_lead_changed_meanwhile_writes_nothing_either(queued: Queue, outcome: str) -> None:
    lead = queued()
    zombie = claim()
    enqueue(lead)
    dies()
    claim()
    before = SyncQueueItem.objects.values().get()
    OUTCOMES[outcome](zombie)
    assert SyncQueueItem.objects.values().get() == before


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_of_a_lead_that_changed_on_the_way_sends_it_round(queued: Queue, outcome: str) -> None:
    lead = queued()
    items = claim()
    enqueue(lead)
    OUTCOMES[outcome](items)
    row = SyncQueueItem.objects.due().get()
    assert (row.status, row.retry_count, row.hubspot_contact_id) == (QueueStatus.WAITING, 0, None)


def test_done_rows_are_never_read_to_find_due_ones(queued: Queue) -> None:
    queued()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = SyncQueueItem.objects.due().explain()
    assert "Seq Scan" not in plan
