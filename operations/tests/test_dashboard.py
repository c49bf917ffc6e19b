"""The first page of the back office."""

import json
import re
from datetime import UTC, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import Assessment, SuppressedAddress
from assessments.statistics.coarsening import coarsen
from assessments.statistics.figure import Figure
from assessments.tests.factories import (
    AssessmentFactory,
    DailyFigureFactory,
    OpenAssessmentFactory,
    SessionFactory,
)
from hubspot_sync.models import HubSpotErasure, SyncQueueItem
from hubspot_sync.tests.factories import failed_item
from mailings.models import Mail
from operations.figures import all_figures
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from privacy.datamap.tables import TABLES
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(version: QuestionnaireVersion, hot_lead: Assessment, cold_lead: Assessment) -> None:
    """Something in each figure as the hourly job leaves it: of today and of months ago, one given up."""
    for number, days in enumerate((0, 1, 3, 31, 62, 63, 64, 80, 81, 82, 83, 84, 200)):
        AssessmentFactory.create(
            version=version,
            answers="ABCDE"[number % 5],
            email=f"lead{number}@engines.example" if number % 3 else None,
            created_at=timezone.now() - timedelta(days=days),
            completion_time_seconds=60 + 100 * number,
            referrer_source="common.example" if number else "rare.example",
            utm={"utm_campaign": f"campaign {number}"},
            hubspot_sync_status="synced" if number % 2 else "failed",
        )
    session = SessionFactory.create(version=version, current_step=2, responses={"governance_1": "B"})
    end_unfinished([session])
    AssessmentFactory.create(version=version, doubts=["robot"], created_at=timezone.now() - timedelta(days=3))
    failed_item(hot_lead, created_at=timezone.now() - timedelta(days=31))
    for days in (1, 70, 210):
        day = (timezone.now() - timedelta(days=days)).astimezone(UTC).date()
        DailyFigureFactory.create(day=day, version=version, figure=Figure.VIEW, assessments=9)
    coarsen(timezone.now())


def test_neither_scrub_nor_purge_changes_a_figure(history: None, hot_lead: Assessment) -> None:
    now = timezone.now()
    before = all_figures(now)
    assert [name for name, rows in before.items() if not rows] == ["queue_by_type"]
    scrub()
    assert all_figures(now) == before
    purge(1)
    assert Assessment.objects.count() < 6
    coarsen(timezone.now())
    assert all_figures(now) == before


def test_no_figure_needs_the_person(hot_lead: Assessment, cold_lead: Assessment) -> None:
    SyncQueueItem.objects.create(assessment=hot_lead, sync_type="contact", hubspot_contact_id="7")
    now = timezone.now()
    before = all_figures(now)
    Assessment.objects.update(**dict.fromkeys(TABLES["assessments"].scrubbed))
    SyncQueueItem.objects.update(**dict.fromkeys(TABLES["hubspot_sync_queue"].scrubbed))
    assert all_figures(now) == before
    assert all(before[name] for name in ("monthly", "score_distribution", "lead_funnel", "sync_by_day"))


def test_the_command_prints_the_figures(hot_lead: Assessment, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("figures")
    printed = json.loads(capsys.readouterr().out)
    assert [(step["quality"], step["assessments"]) for step in printed["lead_funnel"]] == [
        ("executive_briefing_qualified", 1)
    ]


def test_an_empty_dashboard_points_to_the_form(sales: Client) -> None:
    page = sales.get("/admin/").content.decode()
    assert 'No assessment yet: <a href="/">open the form and try it</a>' in page


def test_the_dashboard_shows_what_needs_a_person_in_words(sales: Client, hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    page = sales.get("/admin/").content.decode()
    assert "1 lead needs a person" in page
    assert "HubSpot does not accept the e-mail address." in page


def test_failed_mails_and_erasures_are_counted_and_lead_to_their_lists(
    sales: Client, hot_lead: Assessment
) -> None:
    Mail.objects.create(kind="result", assessment=hot_lead, status="failed", failure_cause="smtp_550")
    line = SuppressedAddress.objects.suppress("ada@engines.example")
    HubSpotErasure.objects.create(erasure=line, status="failed", failure_cause="worker_died")
    page = sales.get("/admin/").content.decode()
    for words in (
        "2 things need a person",
        "Mails to prospects: 1",
        "The mailbox does not exist",
        'href="/admin/mailings/mail/"',
        "Erasures on their way to HubSpot: 1",
        "The worker died five times",
    ):
        assert words in page


def test_a_queue_is_told_only_to_those_who_may_open_its_list(hot_lead: Assessment) -> None:
    failed_item(hot_lead)
    Mail.objects.create(kind="result", assessment=hot_lead, status="failed", failure_cause="smtp_550")
    clerk = User.objects.create_user("clerk@example.com", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_mail"))
    page = logged_in(clerk).get("/admin/").content.decode()
    assert "1 mail needs a person" in page
    assert "HubSpot does not accept" not in page


def test_the_dashboard_shows_the_figures_under_their_names(sales: Client, hot_lead: Assessment) -> None:
    page = sales.get("/admin/").content.decode()
    for words in (
        "Started this month",
        "Early Stage",
        "Briefing qualified",
        "0 of 1 delivered",
        "8:00 min",
    ):
        assert words in page


def test_nobody_is_named_to_those_who_do_not_call(hot_lead: Assessment) -> None:
    page = logged_in(member("Operator")).get("/admin/").content.decode()
    assert not [detail for detail in ("Lovelace", "Analytical", hot_lead.email or "") if detail in page]


def test_the_dashboard_shows_where_people_come_from_and_where_they_leave(
    sales: Client, version: QuestionnaireVersion
) -> None:
    for number in range(20):
        origin = "rare.example" if number < 9 else None if number == 9 else "common.example"
        OpenAssessmentFactory.create(version=version, token=f"run {number}", referrer_source=origin)
    end_unfinished([SessionFactory.create(version=version, current_step=2)])
    page = sales.get("/admin/").content.decode()
    for words in ("Where they come from", "common.example", "Others together", "After step 2"):
        assert words in page
    assert "rare.example" not in page


def test_staff_without_a_role_see_no_figure(hot_lead: Assessment) -> None:
    nobody = logged_in(User.objects.create_user("new@example.com", is_staff=True))
    page = nobody.get("/admin/").content.decode()
    assert "you have no role yet" in page
    assert "Early Stage" not in page


def test_the_dashboard_takes_a_fixed_number_of_queries(
    sales: Client, hot_lead: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sales.get("/admin/")
    # session, user, permissions of user and groups, attention, bands, merged days, held leads, calls twice
    # and their number, record of the view, questionnaires, first views and starts, each other figure
    with django_assert_num_queries(24):
        sales.get("/admin/")


def test_what_is_left_out_is_said_even_when_nothing_else_counts(
    sales: Client, version: QuestionnaireVersion
) -> None:
    AssessmentFactory.create_batch(2, version=version, doubts=["test"])
    page = sales.get("/admin/").content.decode()
    assert "Left out" in page
    assert "<span>Test</span><strong>2</strong>" in page
    assert "No assessment yet" not in page
    link = re.search(r'href="([^"]+)">Show the figures with them', page)
    assert link
    with_them = sales.get(unescape(link[1])).content.decode()
    assert 'name="marked" value="1" checked' in with_them
    assert "left out" not in with_them


def test_the_dashboard_says_how_far_contact_details_go(sales: Client, hot_lead: Assessment) -> None:
    page = sales.get("/admin/").content.decode()
    for words in ("Contact details left", "Left an e-mail address", "and a phone number"):
        assert words in page
