"""A lead whose assessment is not finished: its address goes to HubSpot at once, its result later."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from constance.test import override_config
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.lifecycle import services
from assessments.lifecycle.services import Started
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession
from assessments.qualification import Contact
from hubspot_sync.delivery.enqueue import resend
from hubspot_sync.models import QueueStatus, SyncQueueItem
from hubspot_sync.tests.conftest import DEALS, Account, Queue, fresh, row_of
from privacy.clearing.expired_sessions import cleanup_sessions
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ADA = Contact(email="ada@engines.example", first_name="Ada", company="Engines")


@pytest.fixture(autouse=True)
def early_handover(db: None) -> Iterator[None]:
    """Off by default: what an operator gets who switches it on."""
    with override_config(EARLY_HANDOVER_ENABLED=True):
        yield


@pytest.fixture
def captured(account: Account, version: QuestionnaireVersion) -> Started:
    """Ada left an address on the first step."""
    started = services.start_assessment(versions.get(version.pk), Visitor())
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    return started


def expire(days: int) -> None:
    """So many days ago."""
    AssessmentSession.objects.update(expires_at=timezone.now() - timedelta(days=days))


def finish(captured: Started, definition: Definition, option: str = "D") -> Assessment:
    answers = dict.fromkeys(definition.questions, option)
    services.save_progress(services.open_session(captured.token), step=4, answers=answers)
    return submit_assessment(captured.token)


def test_a_captured_address_becomes_a_contact_without_a_score(account: Account, captured: Started) -> None:
    account.deliver()
    [contact] = account.contacts
    assert {name: value for name, value in contact.items() if not name.startswith("hs_")} == {
        "email": "ada@engines.example",
        "firstname": "Ada",
        "company": "Engines",
        "lead_source": "AI Reality Check",
    }
    assert account.deals == []
    assert account.calls(DEALS) == 0


def test_a_captured_lead_is_synced_and_knows_its_contact(account: Account, captured: Started) -> None:
    account.deliver()
    lead = fresh(captured.session.assessment)
    assert lead.hubspot_sync_status == "synced"
    assert [record.id for record in account.running.store.contacts()] == [lead.hubspot_contact_id]


def test_the_result_follows_to_the_same_contact(
    account: Account, captured: Started, definition: Definition
) -> None:
    account.deliver()
    lead = finish(captured, definition)
    assert fresh(lead).hubspot_sync_status == "pending"
    account.deliver()
    assert account.totals == (1, 1, 1)
    assert account.contacts[0]["ai_assessment_score"] == "20"
    assert account.contacts[0]["ai_lead_quality"] == "executive_briefing_qualified"
    assert fresh(lead).hubspot_sync_status == "synced"


def test_who_finishes_before_anything_was_sent_is_sent_once(
    account: Account, captured: Started, definition: Definition
) -> None:
    finish(captured, definition)
    assert account.deliver() == 1
    assert account.totals == (1, 1, 1)
    assert SyncQueueItem.objects.count() == 1


def test_an_address_that_is_corrected_during_the_assessment_goes_to_the_same_contact(
    account: Account, captured: Started
) -> None:
    account.deliver()
    session = services.open_session(captured.token)
    services.save_progress(session, step=1, answers={}, contact=Contact(email="ada@lovelace.example").given)
    assert fresh(session.assessment).hubspot_sync_status == "pending"
    account.deliver()
    assert account.addresses == {"ada@lovelace.example"}


def test_an_open_assessment_does_not_cover_what_its_person_finished_before(
    account: Account, queued: Queue, version: QuestionnaireVersion
) -> None:
    queued("ada@engines.example", first_name="Augusta")
    started = services.start_assessment(versions.get(version.pk), Visitor())
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    account.deliver()
    assert (account.contacts[0]["ai_assessment_score"], account.contacts[0]["firstname"]) == ("20", "Augusta")


def test_a_captured_lead_is_delivered_after_its_session_ended(account: Account, captured: Started) -> None:
    expire(days=2)
    cleanup_sessions()
    account.deliver()
    assert account.contacts[0]["email"] == ADA.email


def test_after_its_retention_it_has_nothing_to_send(account: Account, captured: Started) -> None:
    expire(days=8)
    cleanup_sessions()
    account.deliver()
    assert account.contacts == []
    assert row_of(captured.session.assessment).status == QueueStatus.CANCELLED
    assert fresh(captured.session.assessment).hubspot_sync_status == "skipped"


def test_a_captured_contact_whose_session_ended_is_not_sent_again(
    account: Account, captured: Started
) -> None:
    account.deliver()
    expire(days=8)
    cleanup_sessions()
    account.running.store.clear()
    resend(fresh(captured.session.assessment))
    account.deliver()
    assert account.contacts == []


def test_open_assessments_cost_one_query_however_many(
    account: Account, version: QuestionnaireVersion, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        started = services.start_assessment(versions.get(version.pk), Visitor())
        services.save_progress(
            started.session, step=1, answers={}, contact=Contact(email=f"lead{number}@x.example").given
        )
    with django_assert_max_num_queries(25):
        account.deliver()
    assert len(account.contacts) == 20


def empty(captured: Started) -> None:
    """Ada takes the address out again."""
    session = services.open_session(captured.token)
    services.save_progress(session, step=1, answers={}, contact={"email": None})


def test_an_address_that_is_emptied_is_gone_there_too(account: Account, captured: Started) -> None:
    account.deliver()
    empty(captured)
    account.deliver()
    assert account.contacts == []
    assert fresh(captured.session.assessment).hubspot_contact_id is None


def test_and_comes_back_when_it_is_given_again(account: Account, captured: Started) -> None:
    account.deliver()
    empty(captured)
    account.deliver()
    services.save_progress(services.open_session(captured.token), step=1, answers={}, contact=ADA.given)
    account.deliver()
    assert account.addresses == {"ada@engines.example"}


def test_a_contact_that_was_there_before_stays_when_it_is_emptied(
    account: Account, version: QuestionnaireVersion
) -> None:
    known = {"properties": {"email": ADA.email, "company": "Customer"}}
    account.client.call("POST", "/crm/v3/objects/contacts", known)
    started = services.start_assessment(versions.get(version.pk), Visitor())
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    account.deliver()
    empty(started)
    account.deliver()
    assert [contact["company"] for contact in account.contacts] == ["Customer"]


def test_nor_does_one_go_that_another_assessment_uses(
    account: Account, captured: Started, queued: Queue
) -> None:
    account.deliver()
    queued("ada@engines.example")
    account.deliver()
    empty(captured)
    account.deliver()
    assert account.addresses == {"ada@engines.example"}


def test_nor_one_to_which_sales_gave_another_address(account: Account, captured: Started) -> None:
    account.deliver()
    contact = fresh(captured.session.assessment).hubspot_contact_id
    mended = {"properties": {"email": "ada@home.example"}}
    account.client.call("PATCH", f"/crm/v3/objects/contacts/{contact}", mended)
    empty(captured)
    account.deliver()
    assert account.addresses == {"ada@home.example"}
