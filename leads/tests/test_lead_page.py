"""What the page of a lead tells a caller, and how details are corrected."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.tests.factories import AssessmentFactory
from hubspot_sync.models import SyncQueueItem
from leads.correcting import masked
from leads.models import LeadEvent
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ADA = {
    "email": "ada@engines.example",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "phone": "+44 20 7946 0000",
}


@pytest.fixture
def sam() -> User:
    return member("Sales")


@pytest.fixture
def client(sam: User) -> Client:
    return logged_in(sam)


def page_of(client: Client, lead: Assessment) -> str:
    return str(client.get(reverse("admin:leads_lead_change", args=[lead.pk])).content.decode())


def test_the_page_tells_country_local_time_and_reason(client: Client, hot_lead: Assessment) -> None:
    page = page_of(client, hot_lead)
    assert "🇬🇧 GB" in page
    assert " there</small>" in page
    assert "Score 20, under 60, every detail given" in page


def test_the_page_says_in_red_who_objected(client: Client, hot_lead: Assessment) -> None:
    change_consent("ada@engines.example", [hot_lead], {Purpose.FOLLOW_UP: False}, ConsentSource.STAFF)
    assert '<dd><span class="bo-error">Objected: do not call</span></dd>' in page_of(client, hot_lead)


def test_the_page_links_the_same_persons_other_assessments(
    client: Client, hot_lead: Assessment, version: QuestionnaireVersion
) -> None:
    other = AssessmentFactory.create(version=version, email="Ada@Engines.example", answers="A")
    page = page_of(client, hot_lead)
    assert reverse("admin:leads_lead_change", args=[other.pk]) in page
    assert "100 of 100" in page


def test_the_page_shows_three_strongest_and_three_weakest(client: Client, hot_lead: Assessment) -> None:
    page = page_of(client, hot_lead)
    assert "<h3>Weakest</h3>" in page
    assert "<h3>Strongest</h3>" not in page  # of this lead nothing is


def test_a_correction_is_sent_on_and_recorded_masked(client: Client, hot_lead: Assessment) -> None:
    address = reverse("admin:leads_lead_correct", args=[hot_lead.pk])
    client.post(address, ADA | {"email": "ada@engine.example", "phone": ""})
    hot_lead.refresh_from_db()
    assert (hot_lead.email, hot_lead.phone) == ("ada@engine.example", None)
    assert SyncQueueItem.objects.undelivered().filter(assessment=hot_lead).exists()
    event = LeadEvent.objects.get(kind="corrected")
    assert event.detail == "E-mail address a***@e*** → a***@e***, Phone number +*** → nothing"


def test_a_correction_requalifies(client: Client, version: QuestionnaireVersion) -> None:
    basic = AssessmentFactory.create(version=version, email="ada@engines.example", answers="A")
    client.post(reverse("admin:leads_lead_correct", args=[basic.pk]), ADA)
    basic.refresh_from_db()
    assert basic.lead_quality == "executive_briefing_qualified"


def test_nothing_that_was_typed_is_lost_to_a_wrong_address(client: Client, hot_lead: Assessment) -> None:
    address = reverse("admin:leads_lead_correct", args=[hot_lead.pk])
    response = client.post(address, ADA | {"email": "nonsense", "company": "Engines & Sons"})
    assert response.status_code == 422
    assert "Engines &amp; Sons" in response.content.decode()
    hot_lead.refresh_from_db()
    assert hot_lead.company == "Analytical Engines"


def test_a_correction_of_nothing_is_not_recorded(client: Client, hot_lead: Assessment) -> None:
    client.post(reverse("admin:leads_lead_correct", args=[hot_lead.pk]), ADA)
    assert not LeadEvent.objects.exists()


@pytest.mark.parametrize(
    ("value", "shown"),
    [("ada@engines.example", "a***@e***"), ("Ada", "A***"), ("", "nothing"), (None, "nothing")],
)
def test_a_mask_shows_the_first_letters(value: str | None, shown: str) -> None:
    assert masked(value) == shown


def test_colleagues_at_the_same_company_are_named(sales: Client, hot_lead: Assessment) -> None:
    other = AssessmentFactory.create(
        version=hot_lead.version, email="bob@engines.example", first_name="Bob", company="ANALYTICAL ENGINES"
    )
    page = sales.get(reverse("admin:leads_lead_change", args=[hot_lead.pk])).content.decode()
    assert "Also at Analytical Engines" in page
    assert str(other.pk) in page
