"""Addresses of list, figures and export that no link of ours has find something or nothing: never a 500."""

from urllib.parse import quote

import pytest
from django.test import Client

from assessments.models import Assessment
from leads.admin.view_pages import KEPT
from leads.figures.segment import SEGMENTS
from leads.models import LeadView

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hot_lead")]

LIST, FIGURES, EXPORT = "/admin/leads/lead/", "/admin/leads/lead/figures/", "/admin/exports/export/leads/new/"
OF_DJANGO = ("q", "p", "o", "e", "all", "_facets", "_popup", "after", "company", "country", "consent")
VALUES = (
    "nonsense",
    "-1",
    "99999999999999999999999999",
    "100-0",
    "governance:",
    "'; DROP TABLE assessments; --",
    '"] ?| array[',
    "\x00",
    "\U0001f600\u202e",
    "x" * 3000,
    "9999-12-31",
    "0001-01-01",
)


@pytest.mark.parametrize("value", VALUES)
def test_no_value_of_a_filter_fails(admin_client: Client, value: str) -> None:
    """Each value under every name, in one address and twice, and as other systems write arrays."""
    admin_client.raise_request_exception = False
    names = sorted({*KEPT, *OF_DJANGO} - {"tab", "e"})
    together = "&".join(f"{name}={quote(value)}" for name in names if name not in ("p", "o"))
    queries = [f"{together}&{together}", *(f"tab=all&{name}={quote(value)}" for name in ("p", "o", "q", "e"))]
    queries += [f"owner[]={quote(value)}&doubts__contains={quote(value)}&work__owner__email={quote(value)}"]
    assert [query for query in queries if admin_client.get(f"{LIST}?{query}").status_code >= 500] == []
    assert admin_client.get(f"{EXPORT}?{together}").status_code < 500


@pytest.mark.parametrize("value", VALUES)
def test_no_segment_or_period_of_the_figures_fails(admin_client: Client, value: str) -> None:
    admin_client.raise_request_exception = False
    queries = [
        "&".join(f"{name}={quote(value)}&{name}={quote(value)}" for name in SEGMENTS),
        f"from={quote(value)}&until={quote(value)}&compare=before",
        f"from={quote(value)}&compare=year&marked={quote(value)}",
        f"until={quote(value)}&compare={quote(value)}",
    ]
    assert [query for query in queries if admin_client.get(f"{FIGURES}?{query}").status_code >= 500] == []


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("from=2028-02-29&until=2028-02-29&compare=year", 1),
        ("from=2028-02&until=2028-02&compare=year", 29),
        ("from=2099-01-01&until=2099-01-02&compare=before", 2),
        ("from=2026-11-28&until=2026-11-01", 30),
    ],
)
def test_a_leap_day_the_future_and_a_reversed_period_are_answered(
    admin_client: Client, query: str, days: int
) -> None:
    page = admin_client.get(f"{FIGURES}?{query}")
    assert page.status_code == 200
    assert page.context["asked"].span.days == days
    assert bool(page.context["asked"].problem) is ("2026-11-28" in query)


@pytest.mark.parametrize(
    ("name", "query"), [("a\x00b", "tab=all"), ("all", "tab=\x00"), ("x" * 61, ""), ("", "")]
)
def test_no_name_of_a_view_fails(admin_client: Client, name: str, query: str) -> None:
    admin_client.raise_request_exception = False
    page = admin_client.post("/admin/leads/lead/views/save/", {"name": name, "query": query}, follow=True)
    assert page.status_code == 200
    assert LeadView.objects.count() == (name in ("all", "a\x00b"))


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "\x00"},
        {"note": "a\x00b"},
        {"follow_up_on": "0001-01-01"},
        {"follow_up_on": "9999-12-31"},
        {"outcome": "won", "next": "//evil.example"},
    ],
)
def test_no_record_of_a_contact_fails(
    admin_client: Client, hot_lead: Assessment, data: dict[str, str]
) -> None:
    admin_client.raise_request_exception = False
    page = admin_client.post(f"/admin/leads/lead/{hot_lead.pk}/record/", data)
    assert page.status_code in (302, 422)
    assert "evil" not in page.headers.get("Location", "")
    assert admin_client.get(f"{LIST}?tab=all").status_code == 200
    assert admin_client.get(f"{LIST}{hot_lead.pk}/change/").status_code == 200
