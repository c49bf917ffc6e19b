"""The rows of the lead list are those that unfold would draw."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.html import parse_html
from django.utils import translation
from unfold.templatetags.unfold_list import items_for_result

from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from assessments.tests.factories import SessionFactory
from leads.tests.factories import LeadWorkFactory
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

LEADS = "/admin/leads/lead/"
ROW = re.compile(r'<tr class="data-row [^>]*>(.*?)</tr>', re.DOTALL)


@pytest.fixture
def all_sorts(
    version: QuestionnaireVersion, lead: Any, hot_lead: Assessment, erased_lead: Assessment
) -> None:
    """A lead in each state that a cell can show."""
    lead("phone", phone="+49 40 123456", language="de", first_name="<b>Bo</b>", company="Bo & Co")
    lead("old", ago=timedelta(days=40), doubts=["robot", "honeypot"], referrer_source="www.example.com")
    owned = lead("owned", ago=timedelta(days=3), answers="E")
    LeadWorkFactory.create(assessment=owned, outcome="reached")
    LeadWorkFactory.create(assessment=lead("follow"), owner=None, follow_up_on="2026-12-24")
    Assessment.objects.filter(pk=owned.pk).update(hubspot_sync_status="held")
    SessionFactory.create(version=version, email="half@example.com", phone="+44 20 7946 0000", current_step=2)


def cells(html: str) -> list[str]:
    """The cells of a row, each in Django's own spelling of HTML."""
    return [str(parse_html(cell)) for cell in re.findall(r"<t[dh] .*?</t[dh]>", html, re.DOTALL)]


def rows_of_unfold(changelist: Any) -> list[list[str]]:
    """The cells of each row as unfold draws them, but for a tag that it closes by another."""
    drawn = ("".join(items_for_result(changelist, lead, None)) for lead in changelist.result_list)
    return [cells(row.replace("</div>", "</span>")) for row in drawn]


def shown(client: Client, query: str, language: str = "en") -> tuple[list[list[str]], Any]:
    page = client.get(f"{LEADS}?{query}", headers={"accept-language": language})
    assert page.status_code == 200
    return [cells(row) for row in ROW.findall(page.content.decode())], page.context["cl"]


@pytest.mark.parametrize("role", ["Sales", "Sales lead", "Operator"])
@pytest.mark.parametrize("query", ["tab=all", "tab=call", "tab=all&o=4.-6", "tab=all&language=de"])
@pytest.mark.usefixtures("all_sorts")
def test_each_cell_is_as_unfold_draws_it(role: str, query: str) -> None:
    rows, changelist = shown(logged_in(member(role)), query)
    assert rows
    assert rows == rows_of_unfold(changelist)


@pytest.mark.usefixtures("all_sorts")
def test_each_cell_of_an_unfinished_lead_is_as_unfold_draws_it(sales: Client) -> None:
    rows, changelist = shown(sales, "tab=unfinished")
    assert len(rows) == 1
    assert rows == rows_of_unfold(changelist)


@pytest.mark.usefixtures("all_sorts")
def test_a_row_in_german_is_as_unfold_draws_it(sales: Client) -> None:
    rows, changelist = shown(sales, "tab=all", "de")
    with translation.override("de"):
        assert rows == rows_of_unfold(changelist)
    assert "Gelöscht" in "".join(rows[-1]) or "Übernehmen" in "".join(rows[0])


@pytest.mark.usefixtures("all_sorts")
def test_the_list_can_be_sorted_by_its_headings(sales: Client) -> None:
    page = sales.get(f"{LEADS}?tab=all&o=3").content.decode()
    assert 'title="Toggle sorting"' in page
    assert "sorted ascending" in page


def test_the_key_of_a_lead_in_the_filters_is_left_alone(sales: Client, lead: Any) -> None:
    """The address of a row is that of the first one, but for the key in its path."""
    lead("older", ago=timedelta(days=1), referrer_source="www.example.com")
    newer = lead("newer", referrer_source="www.example.com")
    page = sales.get(f"{LEADS}?tab=all&source={newer.pk}&source=www.example.com").content.decode()
    kept = f"/change/?_changelist_filters=tab%3Dall%26source%3D{newer.pk}%26source%3Dwww.example.com"
    assert page.count(kept) == 2
