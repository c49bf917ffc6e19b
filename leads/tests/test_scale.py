"""The list of leads stays quick when there are many: pages, counts, and the plans of its statements."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection
from django.db.models.fields.json import KeyTextTransform
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from leads.admin.current_view import leads_of_view
from leads.admin.filters import CONSENTS, newest_values
from leads.admin.leads import LeadAdmin
from leads.admin.paging import EstimatedPaginator, mark_of
from leads.clock import clock
from leads.models import Lead
from leads.search_pages import leads_without_page
from leads.tabs import BY_NEED, call_now, calls_in_order, waiting_calls
from leads.tests.factories import LeadWorkFactory
from scorecard.models import QuestionnaireVersion
from tests.plans import leave_alone

pytestmark = pytest.mark.django_db


def plan_of(rows: Any) -> str:
    """How PostgreSQL would read these rows if there were too many to read all, or to sort them."""
    return plan_of_sql(*rows.query.sql_with_params())


def plan_of_sql(sql: str, parameters: Any) -> str:
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_list_of_all_leads_is_read_in_order_from_an_index(admin_user: User) -> None:
    plan = plan_of(leads_of_view(admin_user, "tab=all")[:50])
    assert "assessments_leads" in plan
    assert "Sort" not in plan


def test_leads_after_a_mark_are_read_from_there_in_order(admin_user: User, hot_lead: Assessment) -> None:
    plan = plan_of(leads_of_view(admin_user, f"tab=all&after={mark_of(hot_lead)}")[:50])
    assert "Index Cond: (ROW(qualified_for_briefing, completed_at, id) <" in plan
    assert "Sort" not in plan


def test_calls_of_before_today_are_read_in_order_from_an_index() -> None:
    plan = plan_of(call_now().filter(completed_at__lt=timezone.now()).order_by(*BY_NEED)[:50])
    assert "assessments_calls" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("query", ["days=1", "urgency=now", "owner=none", "language=de"])
def test_a_filter_reads_no_table_from_end_to_end(admin_user: User, query: str) -> None:
    plan = plan_of(leads_of_view(admin_user, f"tab=all&{query}")[:50])
    assert "Seq Scan on assessments" not in plan
    assert "Sort" not in plan


RARE = {
    "quality=basic": "leads_by_quality",
    "category=crisis&category=alert": "leads_by_category",
    "score=0-19": "leads_by_score",
    "source=rare.example": "leads_by_source",
    "language=de": "leads_by_language",
    "questionnaire=ai_reality_check": "leads_by_version",
    "sync=held": "leads_by_sync",
    "device=bot": "leads_by_device",
    "campaign=ai-days": "leads_by_campaign",
    "doubts=any": "leads_with_doubts",
    "doubts=honeypot": "leads_with_doubts",
    "outcome=won": "lead_work_outcomes",
}


@pytest.mark.parametrize(("query", "index"), RARE.items())
def test_what_few_leads_have_is_found_by_an_index_of_its_own(
    admin_user: User, version: QuestionnaireVersion, query: str, index: str
) -> None:
    AssessmentFactory.create(
        version=version,
        email="a@example.com",
        referrer_source="rare.example",
        utm={"utm_campaign": "ai-days"},
    )
    LeadWorkFactory.create(outcome="won")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments, lead_work")
    leave_alone(index, "assessments", "lead_work")
    rows = leads_of_view(admin_user, f"tab=all&{query}").order_by()[:50]
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):  # what is left are bitmaps of suitable indexes
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"Bitmap Index Scan on {index} " in plan
    assert "doubts" in index or re.search(rf"Bitmap Index Scan on {index} .*\n *Index Cond: ", plan)


@pytest.mark.parametrize(
    ("query", "index"), [("campaign=ai-days", "leads_by_campaign"), ("quality=basic", "leads_by_quality")]
)
def test_what_many_have_late_in_the_list_is_read_in_order_from_an_index(
    admin_user: User, version: QuestionnaireVersion, query: str, index: str
) -> None:
    """Campaigns have no statistics to tell which are common; poor leads come after all better ones."""
    AssessmentFactory.create(version=version, email="a@example.com", utm={"utm_campaign": "ai-days"})
    connection.check_constraints()
    leave_alone(index, "assessments", "lead_work")
    plan = plan_of(leads_of_view(admin_user, f"tab=all&{query}")[:50])
    assert index in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("needed", [False, True])
@pytest.mark.parametrize("states", [*((state,) for state in CONSENTS), ("agreed", "objected")])
def test_leads_of_a_consent_are_read_in_order_from_the_index_of_those_with_details(
    admin_user: User, version: QuestionnaireVersion, states: tuple[str, ...], needed: bool
) -> None:
    AssessmentFactory.create(version=version, email="a@example.com")
    connection.check_constraints()
    leave_alone("leads_by_consent", "assessments", "lead_work")
    with override_config(HUBSPOT_NEEDS_CONSENT=needed):
        wanted = "&".join(f"consent={state}" for state in states)
        plan = plan_of(leads_of_view(admin_user, f"tab=all&{wanted}")[:50])
    assert "Index Scan using leads_by_consent" in plan
    assert "Sort" not in plan


def test_an_objection_is_looked_for_in_the_index_alone(admin_user: User) -> None:
    """A few in a hundred object: the rows of all others would be read to find them."""
    leave_alone("leads_by_consent", "assessments", "lead_work")
    plan = plan_of(leads_of_view(admin_user, "tab=all&consent=objected")[:50])
    assert re.search(r"using leads_by_consent .*\n *Index Cond: \(contact_choice = false\)", plan)


def test_waiting_calls_are_counted_from_an_index_without_joining_all_work() -> None:
    """A hash of all work, or a scan of those who are scrubbed, took half a second at a million leads."""
    with CaptureQueriesContext(connection) as asked:
        waiting_calls()
    plan = plan_of_sql(asked[-1]["sql"], ())
    assert re.search(r"Nested Loop Anti Join.*Index Only Scan using assessments_calls", plan, re.DOTALL)


def test_the_list_of_calls_is_counted_from_the_index_alone(admin_user: User) -> None:
    """That none is a test was asked of every row, though no call has a mark at all."""
    leave_alone("assessments_calls", "assessments", "lead_work")
    plan = plan_of(leads_of_view(admin_user, "tab=call").order_by(*BY_NEED).values("pk")[:50])
    assert "Index Only Scan using assessments_calls" in plan


def test_calls_are_sorted_by_keys_and_not_by_whole_rows(three_calls: list[str]) -> None:
    states = clock(timezone.now())
    with CaptureQueriesContext(connection) as asked:
        calls_in_order(call_now(), states, 0, 9)
    keys, rows = (query["sql"] for query in asked)
    assert ("responses" in keys, "ORDER BY" in rows) == (False, False)


def test_no_more_calls_of_an_urgency_are_read_than_are_wanted() -> None:
    """Eleven thousand came since Friday where a million leads are: all of them were sorted to show eight."""
    leave_alone("assessments_calls", "assessments", "lead_work")
    states = clock(timezone.now())
    with CaptureQueriesContext(connection) as asked:
        calls_in_order(call_now(), states, 0, 9)
    plan = plan_of_sql(asked[0]["sql"], ())
    assert plan.count("Index Only Scan using assessments_calls") == 4


def test_leads_without_a_page_are_read_from_the_index_of_the_scrub() -> None:
    """Those of before the first page are all scrubbed: a million rows would be read to find none."""
    plan = plan_of(leads_without_page([5000, 5001], 10))
    assert plan.count("Index Scan Backward using assessments_scrub") == 2


def test_a_campaign_that_is_no_choice_any_more_is_found(admin_client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("leads.admin.filters.NEWEST", 0)
    AssessmentFactory.create(email="ada@example.com", utm={"utm_campaign": "last year"})
    page = admin_client.get("/admin/leads/lead/?tab=all&campaign=last+year")
    assert [lead.email for lead in page.context["cl"].result_list] == ["ada@example.com"]
    assert 'value="last year"' in page.content.decode()


def test_the_commonest_campaigns_are_choices(monkeypatch: Any) -> None:
    monkeypatch.setattr("leads.admin.filters.MOST_SOURCES", 1)
    for campaign in ("rare", "spring", "spring"):
        AssessmentFactory.create(email="ada@example.com", utm={"utm_campaign": campaign})
    assert newest_values(KeyTextTransform("utm_campaign", "utm"))() == [("spring", "spring")]


@pytest.fixture
def three_calls(version: QuestionnaireVersion) -> list[str]:
    """In their order: one that came now, then those of before today, the better one first."""
    moments = {"fresh": timedelta(), "hot": timedelta(days=21), "older": timedelta(days=20)}
    for name, ago in moments.items():
        AssessmentFactory.create(
            version=version,
            email=f"{name}@example.com",
            answers="E" if name == "hot" else "A",
            completed_at=timezone.now() - ago,
        )
    return list(moments)


def test_calls_of_every_page_are_in_order(three_calls: list[str]) -> None:
    calls = call_now().annotate(urgency_rank=clock(timezone.now()).as_rank)
    found = [
        lead.email.split("@")[0]
        for first in range(3)
        for lead in calls_in_order(calls, clock(timezone.now()), first, first + 1)
        if lead.email
    ]
    assert found == three_calls


@pytest.mark.usefixtures("five")
def test_every_lead_can_be_reached_page_by_page(admin_client: Client, monkeypatch: Any) -> None:
    """Five leads of which the pages show four: the link of the last page goes on after the fourth."""
    monkeypatch.setattr("leads.admin.paging.COUNTED", 4)
    monkeypatch.setattr(LeadAdmin, "list_per_page", 2)
    pages = [admin_client.get(f"/admin/leads/lead/?tab=all&p={number}") for number in (1, 2)]
    texts = [page.content.decode() for page in pages]
    assert "Go on with the next ones" not in texts[0]
    link = re.search(r'<a href="([^"]+after=[^"]+)">Go on with the next ones', texts[1])
    assert link
    rest = admin_client.get(f"/admin/leads/lead/{unescape(link[1])}")
    shown = [lead.pk for page in (*pages, rest) for lead in page.context["cl"].result_list]
    assert len(set(shown)) == len(shown) == 5
    assert "Continued after" in rest.content.decode()


@pytest.mark.parametrize("mark", ["x", "1_2_3", "2_2026-11-29T10:00:00+00:00_00", "1__", "%00"])
@pytest.mark.usefixtures("five")
def test_a_mark_that_is_none_finds_nothing(admin_client: Client, mark: str) -> None:
    page = admin_client.get(f"/admin/leads/lead/?tab=all&after={mark}")
    assert page.status_code == 200
    assert list(page.context["cl"].result_list) == []


@pytest.fixture
def five(version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        AssessmentFactory.create(version=version, email=f"{number}@example.com")
    monkeypatch.setattr("leads.admin.paging.COUNTED", 3)


@pytest.mark.usefixtures("five")
def test_rows_beyond_the_bound_are_estimated(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pages = EstimatedPaginator(Lead.objects.leads().order_by("pk"), 2)
    with django_assert_num_queries(2):
        assert (pages.count, pages.num_pages) == (3, 2)
        assert pages.estimated is not None


@pytest.mark.usefixtures("five")
def test_the_list_says_that_it_does_not_show_all(admin_client: Client) -> None:
    page = admin_client.get("/admin/leads/lead/?tab=all").content.decode()
    assert "the pages show the first 3" in page


def test_a_short_list_is_counted(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, email="a@example.com")
    pages = EstimatedPaginator(Lead.objects.leads().order_by("pk"), 2)
    assert (pages.count, pages.estimated) == (1, None)
