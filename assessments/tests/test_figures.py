"""What is counted, when, and how often: exactly once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection, transaction
from django.utils import timezone

from assessments.lifecycle import services
from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.lifecycle.services import Started
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, DailyFigure, Response
from assessments.qualification import Contact
from assessments.statistics.coarsening import coarsen
from assessments.statistics.figure import OTHER, Figure
from assessments.statistics.metrics import metric_panels
from assessments.statistics.small_cells import Cell
from assessments.tests.factories import AssessmentFactory, OpenAssessmentFactory, SessionFactory
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db

NEWS = Visitor(referrer_source="news.example", utm={"utm_source": "letter", "utm_term": "ada"})


@pytest.fixture(autouse=True)
def no_hurry(db: None) -> Iterator[None]:
    """Tests answer faster than people, and would be marked."""
    with override_config(LEAST_SECONDS=0):
        yield


@pytest.fixture
def started(version: QuestionnaireVersion) -> Started:
    return services.start_assessment(versions.get(version.pk), NEWS)


def cells(*figures: Figure) -> dict[tuple[str, str, int], int]:
    """What is counted: assessments by name, part and number."""
    rows = DailyFigure.objects.filter(figure__in=figures or Figure.values)
    found: Counter[tuple[str, str, int]] = Counter()
    for name, part, number, assessments in rows.values_list("name", "part", "number", "assessments"):
        found[name, part, number] += assessments
    return {cell: assessments for cell, assessments in found.items() if assessments}


def answer_all(started: Started, definition: Definition, contact: Contact | None = None) -> None:
    answers = dict.fromkeys(definition.questions, "D")
    services.save_progress(started.session, step=4, answers=answers, contact=contact.given if contact else {})


def test_a_start_is_counted_with_where_it_came_from(started: Started) -> None:
    assert cells(Figure.STARTED) == {("", "", 0): 1}
    assert cells(Figure.REFERRER) == {("news.example", "started", 0): 1}
    assert cells(Figure.SOURCE) == {("letter", "started", 0): 1}
    assert DailyFigure.objects.filter(name="ada").count() == 0


def test_a_submit_counts_score_quality_and_answers(started: Started, definition: Definition) -> None:
    answer_all(started, definition)
    submit_assessment(started.token)
    assert cells(Figure.SCORE) == {("alert", "", 20): 1}
    assert cells(Figure.AREA) == {(section.key, "", 20): 1 for section in definition.sections}
    assert cells(Figure.QUALITY) == {("", "", 20): 1}
    assert cells(Figure.SYNC) == {}
    assert cells(Figure.REFERRER)["news.example", "unknown", 0] == 1
    assert cells(Figure.ANSWER) == {(key, "D", 0): 1 for key in definition.questions}


def test_details_given_later_move_an_assessment_to_another_quality(
    started: Started, definition: Definition
) -> None:
    answer_all(started, definition)
    submit_assessment(started.token)
    services.update_contact(started.token, Contact(email="ada@engines.example"))
    assert cells(Figure.QUALITY) == {("executive_briefing_qualified", "briefing", 20): 1}
    assert cells(Figure.SYNC) == {("pending", "", 0): 1}
    assert ("news.example", "unknown", 0) not in cells(Figure.REFERRER)


def test_a_second_submit_counts_nothing(started: Started, definition: Definition) -> None:
    answer_all(started, definition)
    submit_assessment(started.token)
    before = cells()
    submit_assessment(started.token)
    assert cells() == before


def test_a_submit_that_is_rolled_back_was_never_counted(started: Started, definition: Definition) -> None:
    answer_all(started, definition)
    before = cells()
    with transaction.atomic():
        submit_assessment(started.token)
        transaction.set_rollback(True)
    assert cells() == before


def test_an_assessment_that_is_deleted_stays_counted(hot_lead: Assessment) -> None:
    before = cells()
    Assessment.objects.all().delete()
    assert cells() == before


def test_an_assessment_counts_on_the_day_it_was_started(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create(version=version, created_at=datetime(2026, 3, 1, 0, 30, tzinfo=UTC))
    days = DailyFigure.objects.exclude(figure=Figure.ANSWER).values_list("day", flat=True)
    assert set(days) == {date(2026, 3, 1)}


def test_an_answer_in_words_is_counted_without_them(cold_lead: Assessment) -> None:
    Response.objects.create(assessment=cold_lead, question_key="remark", value={"text": "Call Ada"})
    assert cells(Figure.ANSWER)["remark", "", 0] == 1


def test_an_assessment_that_is_given_up_counts_its_last_step(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, current_step=2, responses={"governance_1": "B"})
    end_unfinished([session])
    assert cells(Figure.LEFT) == {("", "", 2): 1}
    assert cells(Figure.ANSWER) == {("governance_1", "B", 0): 1}


def test_a_marked_assessment_that_is_given_up_counts_as_marked_alone(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, current_step=2, responses={"governance_1": "B"})
    session.doubts = ["honeypot"]
    end_unfinished([session])
    assert cells() == {("honeypot", "", 0): 1}


def test_an_unfinished_lead_counts_among_deliveries_once_it_is_known_what_became_of_it(
    version: QuestionnaireVersion,
) -> None:
    lead = OpenAssessmentFactory.create(version=version)
    assert cells(Figure.SYNC) == {}
    Assessment.objects.filter(pk=lead.pk).update(hubspot_sync_status="failed")
    assert cells(Figure.SYNC) == {("failed", "unfinished", 0): 1}


def test_words_of_an_assessment_that_is_given_up_are_not_kept(version: QuestionnaireVersion) -> None:
    session = SessionFactory.create(version=version, responses={"governance_1": "I am Ada", "gone": "A"})
    end_unfinished([session])
    assert not Response.objects.exists()


COUNTS_ALL = ("0009_count_what_is_there", "COUNT_ALL")
COUNTS_AREAS = ("0017_count_areas_of_before", "COUNT_AREAS")


@pytest.mark.parametrize(("migration", "statement"), [COUNTS_ALL, COUNTS_AREAS])
def test_counting_what_is_there_says_the_same_as_counting_as_it_happened(
    version: QuestionnaireVersion, hot_lead: Assessment, cold_lead: Assessment, migration: str, statement: str
) -> None:
    OpenAssessmentFactory.create(version=version, utm={"utm_campaign": "spring"}, referrer_source="a.example")
    before = cells()
    count_all = getattr(import_module(f"assessments.migrations.{migration}"), statement)
    DailyFigure.objects.filter(figure=Figure.AREA).delete()
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(count_all)
    assert cells() == before


def test_adding_up_leaves_one_row_for_each_cell(
    hot_lead: Assessment, version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.statistics.figure.BATCH", 7)
    AssessmentFactory.create_batch(3, version=version, ada=True, answers="D")
    before = cells()
    assert DailyFigure.objects.sum_up() > 1
    assert cells() == before
    assert DailyFigure.objects.count() == len(before)
    assert DailyFigure.objects.sum_up() == 0


def test_cells_that_came_to_nothing_leave_no_row(started: Started, definition: Definition) -> None:
    answer_all(started, definition)
    submit_assessment(started.token)
    services.update_contact(started.token, Contact(email="ada@engines.example"))
    DailyFigure.objects.sum_up()
    assert not DailyFigure.objects.filter(figure=Figure.QUALITY, name="").exists()


@pytest.mark.django_db(transaction=True)
def test_adding_up_twice_at_once_loses_nothing(version: QuestionnaireVersion, elsewhere: Elsewhere) -> None:
    AssessmentFactory.create_batch(10, version=version)
    before = cells()

    elsewhere.at_once(4, lambda _: DailyFigure.objects.sum_up())
    assert cells() == before


@pytest.mark.django_db(transaction=True)
def test_no_submit_waits_for_another(
    version: QuestionnaireVersion, definition: Definition, elsewhere: Elsewhere
) -> None:
    first, second = (services.start_assessment(versions.get(version.pk), NEWS) for _ in range(2))
    for assessment in (first, second):
        answer_all(assessment, definition)

    def submit_impatiently() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1ms'")
        submit_assessment(second.token)

    with transaction.atomic():
        submit_assessment(first.token)
        elsewhere.do(submit_impatiently)
    assert cells(Figure.SCORE) == {("alert", "", 20): 2}


# Where they came from


def come_from(version: QuestionnaireVersion, referrer: str | None, times: int, **fields: Any) -> None:
    for number in range(times):
        token = f"{referrer}-{number}-{fields}"
        OpenAssessmentFactory.create(version=version, token=token, referrer_source=referrer, **fields)


def referrers() -> dict[str, int]:
    found = {each.figure: each.cells for each in metric_panels(timezone.now(), "origins")["origins"].rows}
    return {cell.name: cell.started for cell in found[Figure.REFERRER]}


def test_origins_are_split_down_to_ten_assessments(version: QuestionnaireVersion) -> None:
    for referrer, times in (("a.example", 12), ("b.example", 6), ("c.example", 5), (None, 10)):
        come_from(version, referrer, times)
    assert referrers() == {"a.example": 12, "": 10, OTHER: 11}


def test_runs_without_an_origin_cannot_be_told_by_subtraction(version: QuestionnaireVersion) -> None:
    come_from(version, "a.example", 20)
    come_from(version, "b.example", 12)
    come_from(version, None, 3)
    assert referrers() == {"a.example": 20, OTHER: 15}


def test_origins_tell_what_became_of_the_assessments(version: QuestionnaireVersion) -> None:
    AssessmentFactory.create_batch(10, version=version, referrer_source="a.example", answers="A")
    AssessmentFactory.create(version=version, referrer_source="a.example", answers="A", email="a@b.example")
    splits = metric_panels(timezone.now(), "origins")["origins"].rows
    (found,) = [each for each in splits if each.figure == Figure.REFERRER]
    assert found.cells == (Cell("a.example", 11, 11, 1, 0),)


def test_a_rare_origin_is_forgotten_after_the_retention_and_no_figure_changes(
    version: QuestionnaireVersion,
) -> None:
    old = timezone.now() - timedelta(days=31)
    for referrer, times in (("a.example", 12), ("b.example", 6), ("c.example", 5)):
        come_from(version, referrer, times, created_at=old)
    before = referrers()
    coarsen(timezone.now())
    names = DailyFigure.objects.filter(figure=Figure.REFERRER).values_list("name", flat=True)
    assert set(names) == {"a.example", OTHER}
    assert referrers() == before


def test_a_rare_origin_of_yesterday_is_kept(version: QuestionnaireVersion) -> None:
    come_from(version, "b.example", 6, created_at=timezone.now() - timedelta(days=1))
    coarsen(timezone.now())
    assert DailyFigure.objects.filter(name="b.example").exists()
