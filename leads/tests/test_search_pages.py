"""Search pages: what they hold, when they go, and that the search needs none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from encryption.keys import MARK
from leads.admin.sealed_conditions import of_company, of_country
from leads.models import SearchPage
from leads.search import search_leads
from leads.search_pages import build_missing_pages, gaps_of, hour_of
from leads.tests.factories import SearchPageFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def petra(lead: Any) -> Assessment:
    """Came yesterday, and her page is built."""
    found: Assessment = lead(
        "petra",
        ago=DAY,
        created_at=timezone.now() - DAY,
        first_name="Petra",
        last_name="Müller",
        company="Alster Bank",
        phone="+49 151 1234567",
    )
    build_missing_pages()
    return found


def page_of(lead: Assessment) -> Any:
    return SearchPage.objects.filter(hour=hour_of(lead.created_at))


def test_a_page_is_encrypted(petra: Assessment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM lead_search_pages WHERE hour = %s", [hour_of(petra.created_at)])
        stored = bytes(cursor.fetchone()[0])
    assert stored.startswith(MARK.encode())
    assert b"petra" not in stored
    assert b"petra" in page_of(petra).get().content


@pytest.mark.parametrize("words", ["petra", "mueller alster", "MULLER", "0151 1234567", "4915112345"])
def test_a_page_finds_what_the_lead_itself_would(petra: Assessment, lead: Any, words: str) -> None:
    lead("ben", ago=DAY, created_at=timezone.now() - DAY - timedelta(hours=3))
    assert search_leads(words).keys == [petra.pk]
    SearchPage.objects.all().delete()
    assert search_leads(words).keys == [petra.pk]


def test_who_came_this_hour_is_found_at_once(petra: Assessment, lead: Any) -> None:
    fresh = lead("fresh", company="Alster Reederei")
    assert set(search_leads("alster").keys) == {petra.pk, fresh.pk}
    assert set(of_company(["alster"]).keys) == {petra.pk, fresh.pk}


def test_filters_read_the_pages(petra: Assessment) -> None:
    assert of_company(["alster"]).keys == [petra.pk]
    assert of_company(["elbe", "alster"]).keys == [petra.pk]
    assert of_company(["elbe"]).keys == []
    assert of_country(["de, AT"]).keys == [petra.pk]
    assert of_country(["FR", ""]).keys == []


@pytest.mark.parametrize(
    "change",
    [
        {"company": "Elbe Bank"},
        {"email": None, "first_name": None, "last_name": None, "company": None, "phone": None},
        {"created_at": datetime(2026, 1, 2, tzinfo=UTC)},
    ],
)
def test_the_database_drops_the_page_of_whom_it_changes(petra: Assessment, change: dict[str, Any]) -> None:
    Assessment.objects.filter(pk=petra.pk).update(**change)
    assert not page_of(petra).exists()


def test_the_database_drops_the_page_of_whom_it_deletes(petra: Assessment) -> None:
    page = page_of(petra)
    petra.delete()
    assert not page.exists()


def test_another_change_keeps_the_page(petra: Assessment) -> None:
    Assessment.objects.filter(pk=petra.pk).update(hubspot_sync_status="synced")
    assert page_of(petra).exists()


def test_who_left_no_address_keeps_the_page_of_their_hour(petra: Assessment) -> None:
    unknown = AssessmentFactory.create(version=petra.version, created_at=petra.created_at)
    Assessment.objects.filter(pk=unknown.pk).update(completed_at=timezone.now())
    assert page_of(petra).exists()


def test_a_late_comer_drops_the_page_of_their_hour(petra: Assessment, lead: Any) -> None:
    lead("late", ago=DAY, created_at=petra.created_at)
    assert not page_of(petra).exists()


def test_who_was_scrubbed_is_on_no_page_that_is_built_again(petra: Assessment, lead: Any) -> None:
    lead("ben", ago=DAY, created_at=petra.created_at)
    Assessment.objects.filter(pk=petra.pk).update(email=None, first_name=None, last_name=None)
    build_missing_pages()
    assert b"petra" not in page_of(petra).get().content
    assert b"ben" in page_of(petra).get().content


def test_pages_reach_from_the_oldest_to_the_last_hour(petra: Assessment) -> None:
    hours = list(SearchPage.objects.order_by("hour").values_list("hour", flat=True))
    assert hours == list(range(hour_of(petra.created_at), hours[-1] + 1))
    assert 0 <= hour_of(timezone.now()) - hours[-1] <= 2


def test_a_page_of_another_key_is_passed_over_and_built_again(petra: Assessment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE lead_search_pages SET content = %s", [b"\x0100000000:lost"])
    assert search_leads("petra").keys == [petra.pk]
    assert build_missing_pages() == SearchPage.objects.count()
    assert b"petra" in page_of(petra).get().content


def test_without_anybody_no_page_remains(petra: Assessment) -> None:
    Assessment.objects.filter(pk=petra.pk).update(email=None)
    SearchPageFactory.create()
    assert build_missing_pages() == 0
    assert not SearchPage.objects.exists()


@pytest.mark.parametrize(
    ("hours", "gaps"),
    [
        ([], [(0, 0)]),
        ([5], [(0, 5), (6, 0)]),
        ([5, 6, 9], [(0, 5), (7, 9), (10, 0)]),
    ],
)
def test_what_no_page_covers(hours: list[int], gaps: list[tuple[int, int]]) -> None:
    assert gaps_of(hours) == gaps
