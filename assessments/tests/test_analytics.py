"""The figures of the form."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment
from assessments.statistics import analytics
from assessments.statistics.analytics import Answers, CategoryScores, CategoryTimes, Month, QualityStep
from assessments.tests.factories import AssessmentFactory, OpenAssessmentFactory
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def run(version: QuestionnaireVersion) -> Any:
    def finished(answers: str = "C", *, started: datetime = NOW, **fields: Any) -> Assessment:
        return AssessmentFactory.create(
            version=version, answers=answers, created_at=started, completed_at=started, **fields
        )

    return finished


def test_a_month_counts_starts_and_what_was_finished(run: Any, version: QuestionnaireVersion) -> None:
    run("C", completion_time_seconds=400)
    run("A", completion_time_seconds=500)
    OpenAssessmentFactory.create(version=version, created_at=NOW)
    (month,) = analytics.monthly(NOW)
    assert month == Month("2026-11", 3, 2, average_score=70.0, average_seconds=450.0)
    assert month.rate == 67


def test_months_come_newest_first_and_end_a_year_ago(run: Any) -> None:
    for started in ("2025-11-30T23:59", "2025-12-01T00:00", "2026-10-31T23:59"):
        run(started=datetime.fromisoformat(started).replace(tzinfo=UTC))
    assert [month.month for month in analytics.monthly(NOW)] == ["2026-10", "2025-12"]


def test_a_month_without_a_finished_run_has_no_averages(version: QuestionnaireVersion) -> None:
    OpenAssessmentFactory.create(version=version, created_at=NOW)
    assert analytics.monthly(NOW) == (Month("2026-11", 1, 0, None, None),)


def test_scores_are_distributed_over_categories_best_first(run: Any) -> None:
    for answers in "CCCA":
        run(answers)
    assert analytics.score_distribution(NOW) == (
        CategoryScores("champion", 1, 25, 100.0, 100, 100),
        CategoryScores("risk_zone", 3, 75, 40.0, 40, 40),
    )


def test_the_distribution_looks_ninety_days_back_today_included(run: Any) -> None:
    run(started=NOW - timedelta(days=90))
    assert analytics.score_distribution(NOW) == ()
    run(started=NOW - timedelta(days=89))
    assert len(analytics.score_distribution(NOW)) == 1


def test_the_funnel_counts_leads_by_their_quality_hottest_first(run: Any) -> None:
    run("A")
    run("A", email="grace@compilers.example")
    run("D", email="ada@engines.example")
    assert analytics.lead_funnel(NOW) == (
        QualityStep("executive_briefing_qualified", 1, 1, 1, 20.0),
        QualityStep("basic", 1, 1, 0, 100.0),
        QualityStep("", 1, 0, 0, 100.0),
    )


def test_the_funnel_looks_thirty_days_back(run: Any) -> None:
    run(started=NOW - timedelta(days=31))
    assert analytics.lead_funnel(NOW) == ()


def test_completion_times_are_median_and_p95_of_plausible_runs(run: Any) -> None:
    for seconds in (59, 60, 100, 1800, 1801):
        run(completion_time_seconds=seconds)
    assert analytics.completion_times(NOW) == (CategoryTimes("risk_zone", 3, 653.3, 100.0, 1630.0),)


@pytest.mark.parametrize("fraction", [0, 0.01, 0.25, 0.5, 0.95, 0.999, 1])
@pytest.mark.parametrize("values", [[7], [3, 4], [60, 60, 100, 1800], [5, 9, 9, 9, 11, 12, 400]])
def test_percentiles_are_those_of_postgresql(db: None, values: list[int], fraction: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(%s) WITHIN GROUP (ORDER BY value) FROM unnest(%s) AS value",
            [fraction, values],
        )
        (exact,) = cursor.fetchone()
    assert analytics.percentile(Counter(values), fraction) == pytest.approx(exact)


def test_answers_are_counted_by_option_the_commonest_first(run: Any) -> None:
    for answers in "CAC":
        run(answers)
    assert analytics.answers(NOW)[0] == Answers("customer_safe_1", 3, (("C", 2), ("A", 1)))


@pytest.mark.parametrize(
    "figure",
    [
        analytics.monthly,
        analytics.score_distribution,
        analytics.lead_funnel,
        analytics.completion_times,
        analytics.origins,
        analytics.answers,
        analytics.last_steps,
    ],
)
def test_a_figure_is_one_query(
    run: Any, figure: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    run()
    with django_assert_num_queries(1):
        figure(NOW)


@pytest.mark.parametrize(
    ("months", "first"), [(0, (2026, 11)), (10, (2026, 1)), (11, (2025, 12)), (23, (2024, 12))]
)
def test_months_are_counted_back_over_the_turn_of_the_year(months: int, first: tuple[int, int]) -> None:
    assert analytics.months_back(NOW, months) == datetime(*first, 1, tzinfo=UTC)
