"""The figures of the form."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from constance import config
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, DailyFigure
from assessments.statistics.analytics import (
    AnswerCounts,
    CategoryScores,
    CategoryTimes,
    MarkedCount,
    MonthTotals,
    completion_times,
    merged_days,
)
from assessments.statistics.figure import Figure
from assessments.statistics.funnels import ContactStep, LastStep, QualityStep, lead_funnel
from assessments.statistics.histograms import percentile
from assessments.statistics.leavers import question_leavers
from assessments.statistics.metrics import METRICS, metric_panels
from assessments.statistics.origins import origin_splits
from assessments.statistics.periods import MergedDays, Period, last_months
from assessments.tests.factories import AssessmentFactory, DailyFigureFactory, OpenAssessmentFactory
from scorecard.models import QuestionnaireVersion
from tests.plans import leave_alone

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def run(version: QuestionnaireVersion) -> Any:
    def finished(answers: str = "C", *, started: datetime = NOW, **fields: Any) -> Assessment:
        return AssessmentFactory.create(
            version=version, answers=answers, created_at=started, completed_at=started, **fields
        )

    return finished


def rows(key: str) -> tuple[Any, ...]:
    return metric_panels(NOW, key)[key].rows


def test_a_month_counts_starts_and_what_was_finished(run: Any, version: QuestionnaireVersion) -> None:
    run("C", completion_time_seconds=400)
    run("A", completion_time_seconds=500)
    OpenAssessmentFactory.create(version=version, created_at=NOW)
    (month,) = rows("monthly")
    assert month == MonthTotals(
        "2026-11", "2026-11", started=3, ended=2, completed=2, average_score=70.0, average_seconds=450.0
    )


def test_months_come_newest_first_and_end_a_year_ago(run: Any) -> None:
    for started in ("2025-11-30T23:59", "2025-12-01T00:00", "2026-10-31T23:59"):
        run(started=datetime.fromisoformat(started).replace(tzinfo=UTC))
    assert [month.first for month in rows("monthly")] == ["2026-10", "2025-12"]


def test_a_month_without_a_finished_run_has_no_averages(version: QuestionnaireVersion) -> None:
    OpenAssessmentFactory.create(version=version, created_at=NOW)
    assert rows("monthly") == (MonthTotals("2026-11", "2026-11", 1, 0, 0, None, None),)


def test_scores_are_distributed_over_categories_best_first(run: Any) -> None:
    for answers in "CCCA":
        run(answers)
    assert rows("score_distribution") == (
        CategoryScores("champion", 1, 25, 100.0, 100, 100),
        CategoryScores("risk_zone", 3, 75, 40.0, 40, 40),
    )


def test_the_distribution_looks_ninety_days_back_today_included(run: Any) -> None:
    run(started=NOW - timedelta(days=90))
    assert rows("score_distribution") == ()
    run(started=NOW - timedelta(days=89))
    assert len(rows("score_distribution")) == 1


def test_the_funnel_counts_leads_by_their_quality_hottest_first(run: Any) -> None:
    run("A")
    run("A", email="grace@compilers.example")
    run("D", email="ada@engines.example")
    assert rows("lead_funnel") == (
        QualityStep("executive_briefing_qualified", 1, 1, 1, 20.0),
        QualityStep("basic", 1, 1, 0, 100.0),
        QualityStep("", 1, 0, 0, 100.0),
    )


def test_the_funnel_looks_thirty_days_back(run: Any) -> None:
    run(started=NOW - timedelta(days=31))
    assert rows("lead_funnel") == ()


def test_completion_times_are_median_and_p95_of_plausible_runs(run: Any) -> None:
    for seconds in (59, 60, 100, 1800, 1801):
        run(completion_time_seconds=seconds)
    assert rows("completion_times") == (CategoryTimes("risk_zone", 3, 653.3, 100.0, 1630.0),)


@pytest.mark.parametrize("fraction", [0, 0.01, 0.25, 0.5, 0.95, 0.999, 1])
@pytest.mark.parametrize("values", [[7], [3, 4], [60, 60, 100, 1800], [5, 9, 9, 9, 11, 12, 400]])
def test_percentiles_are_those_of_postgresql(db: None, values: list[int], fraction: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY value) FROM unnest(%s) AS value",
            [fraction, values],
        )
        (exact,) = cursor.fetchone()
    assert percentile(Counter(values), fraction) == pytest.approx(exact)


def test_answers_are_counted_by_option_the_commonest_first(run: Any) -> None:
    for answers in "CAC":
        run(answers)
    assert rows("answers")[0] == AnswerCounts("customer_safe_1", 3, (("C", 2), ("A", 1)))


@pytest.mark.parametrize("key", METRICS)
def test_a_figure_is_one_query_and_one_for_merged_days(
    run: Any, key: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run()
    config.EMAIL_RETENTION_DAYS  # noqa: B018  # a snapshot of the settings is read once
    with django_assert_num_queries(2):
        metric_panels(NOW, key)


def count(version: QuestionnaireVersion, first: str, last: str, **figures: int) -> None:
    DailyFigure.objects.bulk_create(
        DailyFigure(
            day=last, first_day=first, version=version, figure=figure, name="alert", assessments=count
        )
        for figure, count in figures.items()
    )


def test_merged_months_are_counted_as_one(version: QuestionnaireVersion) -> None:
    count(version, "2026-08-01", "2026-08-31", started=26)
    count(version, "2026-09-01", "2026-09-30", started=54)
    count(version, "2026-08-01", "2026-09-30", score=40)
    assert rows("monthly") == (MonthTotals("2026-08", "2026-09", 80, 80, 40, 0.0, None),)


def test_a_small_drop_off_does_not_merge_the_months_of_the_chart(version: QuestionnaireVersion) -> None:
    """30 started and 8 given up each month: every month is there."""
    for month in ("2026-08", "2026-09"):
        count(version, f"{month}-01", f"{month}-30", started=30, score=22)
    count(version, "2026-08-01", "2026-09-30", left=16)
    assert [(each.first, each.started, each.completed) for each in rows("monthly")] == [
        ("2026-09", 30, 22),
        ("2026-08", 30, 22),
    ]


def test_a_figure_says_how_far_back_it_reaches(version: QuestionnaireVersion) -> None:
    count(version, "2026-08-01", "2026-09-30", score=17)
    assert metric_panels(NOW, "score_distribution")["score_distribution"].period == Period(
        date(2026, 8, 1), date(2026, 11, 20)
    )


def test_open_assessments_are_not_in_the_rate(run: Any, version: QuestionnaireVersion) -> None:
    run()
    OpenAssessmentFactory.create(version=version, token="open", created_at=NOW)
    given_up = OpenAssessmentFactory.create(version=version, token="left", created_at=NOW)
    DailyFigure.objects.create(day=NOW.date(), version=version, figure=Figure.LEFT, assessments=1)
    assert given_up.completed_at is None
    (month,) = rows("monthly")
    assert (month.started, month.ended, month.rate) == (3, 2, 50)


def test_who_leaves_is_a_share_of_who_came_so_far(run: Any, version: QuestionnaireVersion) -> None:
    for answers in "ABC":
        run(answers)
    for step, count in ((0, 5), (2, 2)):
        DailyFigure.objects.create(
            day=NOW.date(), version=version, figure=Figure.LEFT, number=step, assessments=count
        )
    found = rows("last_steps")
    assert found == (LastStep(0, reached=10, left=5), LastStep(2, reached=5, left=2))
    assert [step.share for step in found] == [50, 40]


def test_who_leaves_is_told_question_by_question(run: Any, version: QuestionnaireVersion) -> None:
    run("A")
    cells: tuple[tuple[Figure, str, int, int], ...] = (
        (Figure.LEFT, "", 0, 6),  # saw the first page, of whom four answered its first question
        (Figure.LEFT, "", 2, 2),  # saw the third
        (Figure.ANSWER, "value_assurance_1", 0, 6),
        (Figure.ANSWER, "customer_safe_1", 0, 2),
    )
    for figure, name, number, count in cells:
        DailyFigure.objects.create(
            day=NOW.date(), version=version, figure=figure, name=name, number=number, assessments=count
        )
    found = {row.question: row for row in rows("questions")}
    told = [(found[key].reached, found[key].left) for key in ("value_assurance_1", "customer_safe_1")]
    assert told == [(9, 2), (3, 0)]
    assert (found["risk_compliance_1"].reached, found["risk_compliance_1"].share) == (3, 67)
    assert (found["governance_1"].reached, found["governance_1"].left) == (1, 0)


def test_what_took_less_than_a_minute_is_in_no_time(run: Any) -> None:
    run(completion_time_seconds=0)
    run(completion_time_seconds=400)
    (month,) = rows("monthly")
    assert month.average_seconds == 400.0
    assert metric_panels(NOW, "completion_times")["completion_times"].rows[0].average == 400.0


@pytest.mark.parametrize(
    ("months", "first"), [(1, (2026, 11)), (11, (2026, 1)), (12, (2025, 12)), (24, (2024, 12))]
)
def test_months_are_counted_back_over_the_turn_of_the_year(months: int, first: tuple[int, int]) -> None:
    assert last_months(NOW, months).first == date(*first, 1)


def test_contact_details_are_a_funnel_that_the_scrub_leaves(run: Any) -> None:
    run()
    run(email="a@engines.example", phone="+44 20 7946 0000")
    run(email="b@engines.example", last_name="Lovelace", company="Engines")
    run(ada=True)
    before = rows("contact_funnel")
    assert before == tuple(
        ContactStep(field, count)
        for field, count in (("", 4), ("email", 3), ("name", 2), ("company", 2), ("phone", 1))
    )
    Assessment.objects.update(email=None, first_name=None, last_name=None, company=None, phone=None)
    assert rows("contact_funnel") == before


def test_marked_assessments_are_in_no_figure_and_their_number_is_said(
    run: Any, version: QuestionnaireVersion
) -> None:
    run("A", ada=True, doubts=["too_fast", "robot"], referrer_source="a.example", variants={"hook": "b"})
    run("A", doubts=["test"])
    OpenAssessmentFactory.create(version=version, created_at=NOW, doubts=["test"])
    assert not any(split.cells for split in rows("origins"))
    assert {key: rows(key) for key in METRICS if rows(key) and key != "origins"} == {
        "marked": (MarkedCount("test", 2), MarkedCount("too_fast", 1))
    }


def test_a_mark_that_comes_or_goes_later_moves_the_assessment(run: Any) -> None:
    run("B")
    before = {key: rows(key) for key in METRICS}
    late = run("A", ada=True, referrer_source="a.example")
    late.doubts = ["no_mail_server"]
    late.save(update_fields=["doubts"])
    assert {key: rows(key) for key in METRICS} == before | {"marked": (MarkedCount("no_mail_server", 1),)}
    late.doubts = []
    late.save(update_fields=["doubts"])
    assert rows("marked") == ()
    assert rows("answers")[0].answered == 2


def plan_of(read: Callable[[], object]) -> str:
    """How PostgreSQL would answer the one query of a function where there are too many rows to read all."""
    with CaptureQueriesContext(connection) as asked:
        read()
    (query,) = asked
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {query['sql']}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("figure", [completion_times, lead_funnel, origin_splits, question_leavers])
def test_a_figure_is_summed_from_its_index_alone(figure: Callable[[Period], object]) -> None:
    """The seconds of a year are tens of thousands of rows."""
    leave_alone("daily_figures_period", "daily_figures")
    plan = plan_of(lambda: figure(last_months(NOW, 12)))
    assert "Index Only Scan using daily_figures_period" in plan


def test_merged_days_are_those_of_plain_sql(version: QuestionnaireVersion) -> None:
    assert merged_days() == ()
    for first, last in (
        ("2026-01-01", "2026-01-31"),
        ("2026-01-05", "2026-01-31"),
        ("2026-02-01", "2026-03-31"),
    ):
        count(version, first, last, started=12, score=11)
        count(version, first, last, score=11)
    DailyFigureFactory.create(version=version, figure=Figure.VIEW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT figure, first_day, day FROM daily_figures WHERE first_day IS NOT NULL")
        plain = {MergedDays(*row) for row in cursor.fetchall()}
    assert (set(merged_days()), len(merged_days())) == (plain, 6)


def test_merged_days_are_read_from_their_index_alone() -> None:
    leave_alone("daily_figures_merged", "daily_figures")
    assert "Index Only Scan using daily_figures_merged" in plan_of(merged_days)
