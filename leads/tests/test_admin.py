"""Leads as sales people see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory, OpenAssessmentFactory
from experiments.tests.factories import experiment
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

LEADS = "/admin/leads/lead/"


def listed(client: Client, query: str = "") -> list[str]:
    """The addresses on the list, in its order."""
    response = client.get(f"{LEADS}?tab=all&{query}")
    assert response.status_code == 200
    return [str(found.email).split("@")[0] for found in response.context["cl"].result_list]


def page_of(client: Client, lead: Assessment) -> str:
    response = client.get(reverse("admin:leads_lead_change", args=[lead.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_hot_come_first_and_then_the_newest(sales: Client, lead: Any) -> None:
    lead("cold-new", ago=timedelta(minutes=1))
    lead("hot-old", ago=timedelta(days=3), answers="D")
    lead("cold-old", ago=timedelta(days=4))
    lead("hot-new", ago=timedelta(days=2), answers="D")
    assert listed(sales) == ["hot-new", "hot-old", "cold-new", "cold-old"]


def test_only_finished_assessments_with_an_address_are_leads(
    sales: Client, version: QuestionnaireVersion
) -> None:
    OpenAssessmentFactory.create(version=version, email="open@example.com")
    AssessmentFactory.create(version=version)
    assert listed(sales) == []


def test_a_row_tells_whom_to_call_and_why(sales: Client, hot_lead: Assessment) -> None:
    page = sales.get(LEADS).content.decode()
    for words in (
        "Ada Lovelace",
        "Analytical Engines",
        "Early Stage",
        "20",
        "Briefing qualified",
        "Waiting",
    ):
        assert words in page


def test_a_scrubbed_row_keeps_its_statistics(sales: Client, erased_lead: Assessment) -> None:
    page = sales.get(LEADS).content.decode()
    for words in ("Scrubbed", "Mixed Picture", "40", "In HubSpot"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=alert", ["hot"]),
        ("quality=basic", ["cold"]),
        ("sync=synced", ["hot"]),
        ("days=1", ["hot"]),
        ("language=de", ["cold"]),
        ("language=xx", []),
        ("variant=headline:b", ["cold"]),
        ("variant=headline", []),
        ("q=HOT@example", ["hot"]),
        ("q=lovelace", ["hot"]),
        ("q=ada+engines", ["hot"]),
        ("days=nonsense", []),
    ],
)
def test_the_list_can_be_narrowed_down(sales: Client, lead: Any, query: str, found: list[str]) -> None:
    experiment()
    hot = lead("hot", answers="D", first_name="Ada", last_name="Lovelace", company="Analytical Engines")
    Assessment.objects.filter(pk=hot.pk).update(hubspot_sync_status="synced")
    lead("cold", ago=timedelta(days=2), variants={"headline": "b"}, language="de")
    assert listed(sales, query) == found


@pytest.mark.parametrize(
    ("tab", "rows", "queries"), [("all", 1, 15), ("all", 30, 15), ("call", 1, 14), ("call", 30, 15)]
)
def test_the_list_takes_a_fixed_number_of_queries(
    sales: Client,
    lead: Any,
    tab: str,
    rows: int,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(rows):
        lead(f"lead{number}")
    sales.get(f"{LEADS}?tab={tab}")
    # session, user, permissions of user and groups, what needs a person, calls waiting, colleagues, bands,
    # sources, campaigns, count, rows, consents, record of the view, saved views. All calls are counted once;
    # those of a page among several are found by their keys.
    with django_assert_num_queries(queries):
        sales.get(f"{LEADS}?tab={tab}")


def test_the_page_takes_a_fixed_number_of_queries(
    sales: Client, hot_lead: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    page_of(sales, hot_lead)
    # session, user, permissions of user and groups, waiting, lead, others under the address (2), consents,
    # companies, HubSpot, work, notes, events, files, record of the view
    with django_assert_num_queries(16):
        page_of(sales, hot_lead)


def test_the_page_holds_what_a_call_needs(sales: Client, hot_lead: Assessment) -> None:
    page = page_of(sales, hot_lead)
    for words in (
        "Ada Lovelace",
        'href="tel:+44-20-7946-0000"',
        'href="mailto:ada@engines.example"',
        "What to say first",
        "How do you track the financial return of your AI projects?",
        "We follow signs such as usage or hours saved, not money.",
        "5 of 25 points",
        "Put AI returns on the agenda of the next management meeting",
        "<dt>Language</dt><dd>English</dd>",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("referrer", "utm", "words"),
    [
        (None, {"utm_source": "newsletter"}, "Through a campaign link"),
        ("news.example", {"utm_source": "newsletter"}, "news.example"),
        (None, {}, "Directly"),
    ],
)
def test_a_lead_of_a_campaign_did_not_come_directly(
    sales: Client, lead: Any, referrer: str | None, utm: dict[str, str], words: str
) -> None:
    page = page_of(sales, lead("ada", referrer_source=referrer, utm=utm))
    assert f"<dt>Came from</dt><dd>{words}" in page


def test_the_page_of_a_scrubbed_lead_names_nobody_and_keeps_the_answers(
    sales: Client, erased_lead: Assessment
) -> None:
    page = page_of(sales, erased_lead)
    assert "Personal data was scrubbed" in page
    assert "mailto:" not in page
    assert "10 of 25 points" in page


@pytest.mark.parametrize(
    ("portal", "contact_id", "linked"),
    [
        ("https://app.example/contacts/1", "42", True),
        ("", "42", False),
        ("https://app.example/1", None, False),
    ],
)
def test_the_page_links_to_hubspot_when_both_sides_are_known(
    sales: Client, hot_lead: Assessment, settings: Settings, portal: str, contact_id: str, linked: bool
) -> None:
    settings.HUBSPOT_PORTAL_URL = portal
    Assessment.objects.filter(pk=hot_lead.pk).update(hubspot_contact_id=contact_id)
    page = page_of(sales, hot_lead)
    assert ("Open in HubSpot" in page) is linked
    assert ("https://app.example/contacts/1/record/0-1/42" in page) is linked


def test_what_a_person_typed_stays_text(sales: Client, lead: Any) -> None:
    found = lead("mallory", company="<script>alert(1)</script>", first_name="<b>Mal</b>", last_name="X")
    assert "<script>alert" not in page_of(sales, found) + sales.get(LEADS).content.decode()


def test_not_even_an_admin_edits_or_deletes_a_lead(admin_client: Client, hot_lead: Assessment) -> None:
    change = reverse("admin:leads_lead_change", args=[hot_lead.pk])
    assert admin_client.post(change, {"email": "x@example.com"}).status_code == 403
    assert admin_client.post(change.replace("change", "delete"), {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{LEADS}add/").status_code == 403
