"""What holds for every queue of leased rows: once claimed, settled once, and never lost."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from assessments.models import Assessment, SuppressedAddress
from assessments.tests.factories import AssessmentFactory
from exports.models import Export
from hubspot_sync.models import HubSpotErasure
from mailings.models import Mail, MailKind
from queues.leased_row import MAX_CLAIMS, LeasedRow
from queues.states import FAILED, LEASED, WAITING
from tests.elsewhere import Elsewhere
from webhooks.models import Webhook, WebhookCall

pytestmark = pytest.mark.django_db

Make = Callable[[], Any]


@pytest.fixture
def make_mail(hot_lead: Assessment) -> Make:
    return partial(Mail.objects.create, kind=MailKind.RESULT, assessment=hot_lead)


@pytest.fixture
def make_erasure(db: None) -> Make:
    line = SuppressedAddress.objects.suppress("ada@engines.example")
    return partial(HubSpotErasure.objects.create, erasure=line, contact_id="51")


@pytest.fixture
def make_webhook_call(hot_lead: Assessment) -> Make:
    webhook = Webhook.objects.create(name="Ours", url="https://hooks.example", secret="key")
    leads = iter([hot_lead, *AssessmentFactory.create_batch(9, version=hot_lead.version)])
    return lambda: WebhookCall.objects.create(webhook=webhook, assessment=next(leads))


@pytest.fixture
def make_export(db: None) -> Make:
    owner = User.objects.create_user("lea@example.com")
    return lambda: Export.objects.create(owner=owner, kind="figures", format="csv")


@pytest.fixture(params=["make_mail", "make_erasure", "make_webhook_call", "make_export"])
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.getfixturevalue(request.param)
    return found


def claimed(make: Make) -> Any:
    """A row that this worker holds."""
    return type(make()).objects.claim()


def as_it_is(row: LeasedRow) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


def time_passes(row: LeasedRow, seconds: float = 86_400) -> None:
    gone = timedelta(seconds=seconds)
    type(row)._default_manager.update(
        next_try_at=F("next_try_at") - gone, lease_until=F("lease_until") - gone
    )


def test_every_queue_of_leased_rows_keeps_this_contract() -> None:
    assert {model.__name__ for model in LeasedRow.__subclasses__()} == {
        "Mail",
        "HubSpotErasure",
        "WebhookCall",
        "Export",
    }


def test_a_new_row_is_due_and_is_claimed_with_a_lease(make: Make) -> None:
    row = make()
    found = type(row).objects.claim()
    assert (found, found.status, found.claims) == (row, LEASED, 1)
    assert type(row).objects.claim() is None


def test_the_oldest_due_row_comes_first(make: Make) -> None:
    older = make()
    time_passes(older)
    make()
    assert type(older).objects.claim() == older


@pytest.mark.django_db(transaction=True)
def test_no_two_workers_get_one_row(make: Make, elsewhere: Elsewhere) -> None:
    rows = [make() for _ in range(4)]
    queue = type(rows[0]).objects

    found = [row.pk for row in elsewhere.at_once(8, lambda _: queue.claim()) if row]
    assert len(found) == len(set(found)) <= 4
    found += [row.pk for row in iter(queue.claim, None)]
    assert sorted(found) == sorted(row.pk for row in rows)


def test_an_outcome_gives_the_lease_back(make: Make) -> None:
    row = claimed(make)
    assert row.settle(FAILED, failure_cause="worker_died")
    row = as_it_is(row)
    assert (row.status, row.lease_token, row.lease_until, row.claims) == (FAILED, None, None, 0)


def test_a_worker_that_lost_its_lease_changes_nothing(make: Make) -> None:
    lost = claimed(make)
    time_passes(lost)
    holder = type(lost).objects.claim()
    assert holder == lost
    assert not lost.wait(60, "late")
    assert not lost.fail("late")
    assert as_it_is(lost).lease_token == holder.lease_token


def test_a_row_whose_worker_died_is_due_when_the_lease_is_over(make: Make) -> None:
    row = claimed(make)
    time_passes(row, seconds=100)
    assert type(row).objects.claim() is None
    time_passes(row, seconds=30)
    assert type(row).objects.claim() == row


def test_a_row_that_waits_is_due_when_its_time_has_come(make: Make) -> None:
    row = claimed(make)
    assert row.wait(300, "away", failures=1)
    assert (as_it_is(row).status, as_it_is(row).failure_cause) == (WAITING, "away")
    time_passes(row, seconds=290)
    assert type(row).objects.claim() is None
    time_passes(row, seconds=20)
    assert type(row).objects.claim() == row


def test_a_row_that_killed_its_workers_is_told_apart(make: Make) -> None:
    row = make()
    for _ in range(MAX_CLAIMS):
        assert not type(row).objects.claim().is_crash_looping
        time_passes(row)
    assert type(row).objects.claim().is_crash_looping


def test_what_failed_is_sent_again_with_a_fresh_budget(make: Make) -> None:
    row = claimed(make)
    row.fail("smtp_550")
    type(row).objects.update(failures=4)
    assert type(row).objects.send_again() == 1
    row = as_it_is(row)
    assert (row.status, row.failures, row.failure_cause, row.claims) == (WAITING, 0, "", 0)
    assert type(row).objects.claim() == row


def test_only_what_failed_is_sent_again(make: Make) -> None:
    row = claimed(make)
    make()
    assert type(row).objects.send_again() == 0
    assert as_it_is(row).lease_token


def test_a_cause_of_any_length_is_kept_in_part(make: Make) -> None:
    row = claimed(make)
    assert row.fail("not_authorised_403 " + "scope " * 50)
    assert as_it_is(row).failure_cause.startswith("not_authorised_403")


def test_the_claim_reads_its_indexes(make: Make) -> None:
    """A queue of a hundred thousand finished rows costs a claim nothing."""
    row = make()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = type(row).objects.due().explain()
        transaction.set_rollback(True)
    assert "Seq Scan" not in plan
