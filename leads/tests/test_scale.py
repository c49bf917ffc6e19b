"""The list of leads stays quick when there are many: pages, counts, and the plans of its statements."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from assessments.tests.factories import AssessmentFactory
from leads.admin.current_view import leads_of_view
from leads.admin.estimated_pages import EstimatedPaginator
from leads.models import Lead
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


def plan_of(rows: Any) -> str:
    """How PostgreSQL would read these rows if there were too many to read all."""
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_the_list_of_all_leads_is_read_in_order_from_an_index(admin_user: User) -> None:
    plan = plan_of(leads_of_view(admin_user, "tab=all")[:50])
    assert "assessments_leads" in plan
    assert "Sort" not in plan


@pytest.fixture
def five(version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        AssessmentFactory.create(version=version, email=f"{number}@example.com")
    monkeypatch.setattr("leads.admin.estimated_pages.COUNTED", 3)


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
