"""HubSpot hears nothing of tests, whichever way they might come to it."""

from collections.abc import Iterator

import pytest
from constance.test import override_config
from django.urls import reverse
from django.utils import timezone

from accounts.tests.people import logged_in, member
from assessments.lifecycle.consents import record_choices
from assessments.lifecycle.ended_sessions import announce_ended_sessions
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.models.signs import Sign
from assessments.qualification import Contact
from assessments.tests.factories import AssessmentFactory, SessionFactory
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.reconciliation.reconcile import reconcile
from hubspot_sync.tests.conftest import Account, Queue
from leads.correcting import correct_lead
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

TESTER = "kim@tests.example"


@pytest.fixture
def test(version: QuestionnaireVersion) -> Assessment:
    """A lead that somebody made who was signed in to the back office."""
    return AssessmentFactory.create(version=version, ada=True, answers="D", doubts=[Sign.TEST])


@pytest.fixture
def by_address() -> Iterator[None]:
    with override_config(TEST_ADDRESSES="*@tests.example"):
        yield


def test_not_by_the_comparison(account: Account, test: Assessment) -> None:
    reconcile(account.client, configured_destination(account.client.account()))
    account.deliver()
    assert account.totals == (0, 0, 0)


def test_not_by_sending_it_again(account: Account, test: Assessment) -> None:
    address = reverse("admin:hubspot_sync_lead_send", args=[test.pk])
    [told] = logged_in(member("Sales")).post(address, follow=True).context["messages"]
    account.deliver()
    assert account.totals == (0, 0, 0)
    assert "this is a test" in str(told)


@pytest.mark.usefixtures("by_address")
def test_not_when_the_address_turns_out_to_be_a_test_while_the_lead_waits(
    account: Account, queued: Queue
) -> None:
    correct_lead(queued().pk, Contact(email=TESTER), by=member("Sales"))
    account.deliver()
    assert account.totals == (0, 0, 0)


@pytest.mark.usefixtures("by_address")
def test_not_when_it_is_left_unfinished(account: Account, version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, email=TESTER, expires_at=timezone.now())
    agreed = {Purpose.FOLLOW_UP: True}
    record_choices(TESTER, agreed, ConsentSource.STEP, assessment=session.assessment.pk)
    assert announce_ended_sessions() == 1
    account.deliver()
    assert account.totals == (0, 0, 0)
