"""Finding a lead."""

import pytest
from django.test import Client

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from leads import search
from leads.search import lines_with, search_leads
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def petra(version: QuestionnaireVersion) -> Assessment:
    return AssessmentFactory.create(
        version=version,
        email="petra.muehlbach@hansevers.example",
        first_name="Petra",
        last_name="Müller-Lüdenscheidt",
        company="Société d\u2019Été",
        phone="+44 739 5295394",
        referrer_source="news.example",
        utm={"utm_campaign": "autumn-2026"},
        answers="E",
    )


@pytest.mark.parametrize(
    "words",
    [
        "petra",
        "Muller",
        "mueller petra",
        "societe d'ete",
        "Hansevers",
        "447395295394",
        "07395295394",
        "0739 5295394",
        "news.example",
        "autumn-2026",
        "crisis",
        "M\u00fcller-L\u00fcdenscheidt, Petra",
        '"Petra" <petra.muehlbach@hansevers.example>',
        "tel:+447395295394",
        "\u0660\u0667\u0663\u0669\u0665\u0662\u0669\u0665\u0663\u0669\u0664",
    ],
)
def test_a_lead_is_found_by(petra: Assessment, cold_lead: Assessment, words: str) -> None:
    assert search_leads(words).keys == [petra.pk]


def test_an_exact_address_is_found_at_any_age(
    petra: Assessment, hot_lead: Assessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST", 0)
    assert search_leads("Petra").keys == []
    assert search_leads(" Petra.Muehlbach@HANSEVERS.example ").keys == [petra.pk]
    assert search_leads("Petra <mailto:petra.muehlbach@hansevers.example>").keys == [petra.pk]


def test_the_list_says_how_far_back_it_searched(
    petra: Assessment, hot_lead: Assessment, sales: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "Searched the newest leads, back to"
    assert words not in sales.get("/admin/leads/lead/?q=petra").content.decode()
    monkeypatch.setattr(search, "MOST", 1)
    assert words in sales.get("/admin/leads/lead/?q=petra").content.decode()


@pytest.mark.parametrize("query", ["country=GB", "company=societe"])
def test_the_list_says_how_far_back_a_filter_looked(
    petra: Assessment, hot_lead: Assessment, sales: Client, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    words = "Searched the newest leads, back to"
    assert words not in sales.get(f"/admin/leads/lead/?tab=all&{query}").content.decode()
    monkeypatch.setattr(search, "MOST", 1)
    assert words in sales.get(f"/admin/leads/lead/?tab=all&{query}").content.decode()


def test_of_a_page_only_lines_with_a_part_are_read_in_their_order() -> None:
    page = "ada\tAT\tx\nbo\tDE\ty\ncy\tAT\tAT\nda\tCH\tz"
    assert lines_with(page, ["\tCH\t", "\tAT\t"]) == ["ada\tAT\tx", "cy\tAT\tAT", "da\tCH\tz"]


def test_without_a_part_all_lines_are_read() -> None:
    assert lines_with("ada\nbo", [""]) == ["ada", "bo"]
