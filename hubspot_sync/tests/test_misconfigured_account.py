"""A misconfigured account stops the line and spends nothing."""

import pytest

from assessments.models import Assessment
from hubspot_simulator.account.kinds import Kind
from hubspot_sync.http.errors import Misconfigured
from hubspot_sync.models import QueueStatus
from hubspot_sync.tests.conftest import (
    Account,
    Queue,
    fails_to_deliver,
    row_of,
    statuses,
    time_passes,
)

pytestmark = pytest.mark.django_db


def unspent(lead: Assessment) -> bool:
    row = row_of(lead)
    spent = (row.retry_count, row.claims, row.outages)
    return row.status == QueueStatus.WAITING and spent == (0, 0, 0)


def test_a_token_that_was_revoked_stops_the_line(account: Account, queued: Queue) -> None:
    lead = queued()
    account.running.portal.token = "another"
    assert fails_to_deliver(account, Misconfigured).cause == "not_authorised_401"
    assert unspent(lead)


def test_a_scope_that_was_taken_away_stops_the_line_where_it_is_missed(
    account: Account, queued: Queue
) -> None:
    lead = queued()
    account.running.portal.scopes.discard("crm.objects.deals.write")
    stopper = fails_to_deliver(account, Misconfigured)
    assert stopper.cause == "not_authorised_403 crm.objects.deals.write"
    assert unspent(lead)
    assert row_of(lead).hubspot_contact_id == account.running.store.contacts()[0].id


def test_a_property_that_is_missing_stops_the_line_and_fails_no_lead(account: Account, queued: Queue) -> None:
    leads = [queued(f"lead{number}@x.example") for number in range(3)]
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_value_score"]
    assert fails_to_deliver(account, Misconfigured).cause == "property_doesnt_exist ai_value_score"
    assert all(map(unspent, leads))


def test_leads_that_do_not_need_what_the_account_lacks_go_on(account: Account, queued: Queue) -> None:
    queued("stuck@x.example")
    free = queued("free@x.example")
    Assessment.objects.filter(pk=free.pk).update(score_breakdown={"governance": 20})
    del account.running.portal.schemas[Kind.CONTACT].properties["ai_value_score"]
    fails_to_deliver(account, Misconfigured)
    assert statuses() == {"stuck@x.example": QueueStatus.WAITING, "free@x.example": QueueStatus.DONE}


def test_a_stage_that_was_removed_stops_the_line(account: Account, queued: Queue) -> None:
    lead = queued()
    del account.running.portal.pipelines["ai_consulting_pipeline"]
    assert fails_to_deliver(account, Misconfigured).cause == "invalid_option pipeline"
    assert unspent(lead)


def test_a_stopped_line_looks_again_after_a_minute(account: Account, queued: Queue) -> None:
    queued()
    properties = account.running.portal.schemas[Kind.CONTACT].properties
    missing = properties.pop("ai_value_score")
    fails_to_deliver(account, Misconfigured)
    properties["ai_value_score"] = missing
    assert account.deliver() == 0
    time_passes(seconds=61)
    assert account.deliver() == 1


def test_rows_wait_for_no_refused_token(account: Account, queued: Queue) -> None:
    queued()
    account.running.portal.token, right = "another", account.running.portal.token
    fails_to_deliver(account, Misconfigured)
    account.running.portal.token = right
    assert account.deliver() == 1
