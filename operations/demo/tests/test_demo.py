"""Demonstration data: plausible, seeded, counted, marked, removable."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import User
from assessments.admin.experiment_panel import arms_of
from assessments.lifecycle.consents import correct_contact_choices
from assessments.lifecycle.ended_sessions import announce_ended_sessions
from assessments.models import Assessment, AssessmentSession, Consent, Response
from assessments.statistics.figure import DailyFigure
from assessments.tests.factories import AssessmentFactory, ConsentFactory
from experiments.models import Experiment
from experiments.running import load_running
from leads.models import LeadEvent, LeadNote, LeadWork
from leads.search import search_leads
from leads.search_pages import build_missing_pages
from mailings.models import Mail
from operations.demo import DOMAIN, MARK
from operations.demo.writing import demo_assessments
from operations.figures import all_figures
from privacy.clearing.expired_sessions import cleanup_sessions
from scorecard.models import QuestionnaireVersion
from scorecard.scoring import score
from scorecard.versions import get

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version")]

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def generate(number: int = 120, seed: int = 1, **options: object) -> str:
    said = StringIO()
    call_command("generate_demo_data", str(number), seed=seed, stdout=said, **options)
    return said.getvalue()


def end_sessions() -> None:
    AssessmentSession.objects.update(expires_at=timezone.now() - timedelta(days=40))
    assert announce_ended_sessions() == 0  # nobody agreed to be contacted
    cleanup_sessions()


@pytest.fixture(autouse=True)
def development(settings: Settings) -> None:
    settings.DEBUG = True


def test_it_writes_as_many_as_were_asked_for_and_says_how_fast() -> None:
    said = generate()
    assert "120 assessments, " in said
    assert f"{Response.objects.count():,} of responses" in said
    assert Assessment.objects.count() == 120
    assert Response.objects.count() == 16 * Assessment.objects.completed().count()


def test_the_scores_are_those_of_the_product(version: QuestionnaireVersion) -> None:
    generate()
    for lead in Assessment.objects.completed()[:20]:
        scored = score(get(version.pk).definition, lead.responses)
        assert (lead.total_score, lead.score_category) == (scored.total, scored.category)
        assert lead.score_breakdown == dict(scored.areas)


def test_the_same_seed_writes_the_same(version: QuestionnaireVersion) -> None:
    def drawn(seed: int) -> list[Any]:
        generate(30, seed, until="2026-11-28")
        found = demo_assessments().order_by("session_id")
        rows = [(row.pk, row.total_score, row.created_at, row.email) for row in found]
        call_command("generate_demo_data", remove=True, stdout=StringIO())
        return rows

    first = drawn(7)
    assert drawn(7) == first
    assert {row[0] for row in drawn(8)}.isdisjoint({row[0] for row in first})


def test_only_leads_within_their_retention_have_contact_details() -> None:
    generate(300)
    for lead in Assessment.objects.leads():
        assert (lead.email is None) is (lead.email_scrubbed_at is not None)
    assert Assessment.objects.filter(email__isnull=False).exists()


def test_some_agreed_to_be_contacted_and_a_few_objected() -> None:
    generate(800, days=20)
    leads = Assessment.objects.filter(email__isnull=False)
    agreed, objected = (leads.filter(contact_choice=said).count() for said in (True, False))
    assert 0.3 * leads.count() < agreed < 0.6 * leads.count()
    assert 0 < objected < 0.2 * agreed
    assert Consent.objects.count() == agreed + objected


def test_what_they_said_is_what_the_log_of_consents_says() -> None:
    generate(200)
    assert Assessment.objects.filter(contact_choice=True).exists()
    assert correct_contact_choices() == 0


def test_what_they_said_goes_with_them() -> None:
    mine = ConsentFactory.create()
    generate(200)
    call_command("generate_demo_data", remove=True, stdout=StringIO())
    assert list(Consent.objects.all()) == [mine]


def test_it_counts_as_any_other_assessment() -> None:
    generate()
    counted = {row["first"]: row["started"] for row in all_figures(NOW)["monthly"]}
    assert sum(counted.values()) <= 120
    started = DailyFigure.objects.filter(figure="started").values_list("assessments", flat=True)
    answers = DailyFigure.objects.filter(figure="answer").values_list("assessments", flat=True)
    assert (sum(started), sum(answers)) == (120, Response.objects.count())


def figures_of(version: QuestionnaireVersion) -> Counter[tuple[Any, ...]]:
    """What triggers count of this version: not where people left, and not what they viewed."""
    cells = DailyFigure.objects.filter(version=version).exclude(figure__in=("left", "view"))
    cells = cells.exclude(part="viewed")
    found: Counter[tuple[Any, ...]] = Counter()
    for *cell, number in cells.values_list("day", "figure", "name", "part", "number", "assessments"):
        found[tuple(cell)] += number
    return found


def test_it_is_counted_as_the_product_counts_rows_one_by_one(version: QuestionnaireVersion) -> None:
    """The same rows, written again by the product, are in the same cells of the figures."""
    generate()
    at_once = figures_of(version)
    runs, answers = list(Assessment.objects.all()), list(Response.objects.all())
    Assessment.objects.all().delete()
    DailyFigure.objects.all().delete()
    for run in runs:
        run.save(force_insert=True)
    Response.objects.bulk_create(answers)
    assert at_once
    assert figures_of(version) == at_once


def test_the_search_finds_it_on_an_hour_that_had_its_page(version: QuestionnaireVersion) -> None:
    """Pages that were built before are dropped, so nobody of theirs is missing until they are built again."""
    AssessmentFactory.create(version=version, email="early@example.com", created_at=NOW - timedelta(days=9))
    while build_missing_pages():
        pass
    generate(60, days=6, until=f"{NOW:%Y-%m-%d}")
    known = Assessment.objects.filter(email__isnull=False)
    assert len(search_leads(DOMAIN).keys) == known.filter(session_id__startswith=MARK).count() > 0


def test_nothing_of_it_is_sent() -> None:
    generate()
    assert not Mail.objects.exists()
    assert not Assessment.objects.unconfirmed().exists()


def test_the_list_of_leads_is_alive(admin_client: Client) -> None:
    generate(200)
    assert LeadWork.objects.exists()
    assert f"@{DOMAIN}" in admin_client.get("/admin/leads/lead/?tab=all&scrubbed=no").content.decode()


def test_sales_has_called_taken_notes_and_planned_calls(admin_client: Client) -> None:
    generate(300, days=10)
    work = LeadWork.objects.exclude(outcome="")
    assert LeadEvent.objects.filter(kind="outcome").count() == work.count() > 0
    assert 0 < LeadNote.objects.count() < work.count()
    page = admin_client.get("/admin/leads/lead/?tab=follow_up").content.decode()
    assert f"@{DOMAIN}" in page


def left_unfinished() -> int:
    return sum(DailyFigure.objects.filter(figure="left").values_list("assessments", flat=True))


def test_some_are_still_in_the_form_and_counted_when_their_session_ends(admin_client: Client) -> None:
    generate(300, days=1)
    going = AssessmentSession.objects.count()
    assert f"@{DOMAIN}" in admin_client.get("/admin/leads/lead/?tab=unfinished").content.decode()
    unfinished = Assessment.objects.filter(completed_at=None).count()
    assert left_unfinished() == unfinished - going  # on a weekend some began on the day before it
    end_sessions()
    assert left_unfinished() == unfinished >= going > 0


def test_an_ab_test_has_a_result_and_changes_no_landing_page() -> None:
    generate(600, days=90)
    arms = arms_of(Experiment.objects.get())
    assert all(arm.views > arm.started > arm.finished > arm.qualified > 0 for arm in arms)
    assert arms[1].rate > arms[0].rate
    assert not list(load_running())


@pytest.mark.parametrize("has_ended", [False, True])
def test_it_is_removed_without_a_trace_in_the_figures(hot_lead: Assessment, has_ended: bool) -> None:
    generate(days=3)
    if has_ended:
        end_sessions()
    call_command("generate_demo_data", remove=True, stdout=StringIO())
    assert list(Assessment.objects.all()) == [hot_lead]
    DailyFigure.objects.sum_up()
    left = DailyFigure.objects.filter(figure__in=("started", "left")).values_list("figure", "assessments")
    assert [row for row in left if row[1]] == [("started", 1)]
    assert not User.objects.filter(email__endswith=DOMAIN).exists()
    assert not Experiment.objects.exists()


def test_the_same_seed_is_not_written_twice() -> None:
    generate(5)
    with pytest.raises(CommandError, match="Take another --seed"):
        generate(5)


@pytest.mark.parametrize("number", ["0", "-3"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="How many"):
        call_command("generate_demo_data", number)


def test_production_asks_for_a_yes(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--yes"):
        generate(5)
    assert "5 assessments" in generate(5, yes=True)
