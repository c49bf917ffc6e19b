"""The figures of the form."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from assessments import analytics
from assessments.analytics import CategoryScores, CategoryTimes, Month, QualityStep
from assessments.models import Assessment
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


def test_the_distribution_looks_ninety_days_back(run: Any) -> None:
    run(started=NOW - timedelta(days=91))
    assert analytics.score_distribution(NOW) == ()


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


@pytest.mark.parametrize(
    "figure",
    [
        analytics.monthly,
        analytics.score_distribution,
        analytics.lead_funnel,
        analytics.completion_times,
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
