"""Every figure against plain SQL on random assessments: fresh, after the hourly job, the scrub and the purge.

FIGURE_ROWS says how many; script/test --deep takes 100,000.
"""

import os
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from assessments.models import Assessment
from assessments.models.session import hash_token
from assessments.statistics.analytics import monthly_totals
from assessments.statistics.coarsening import coarsen
from assessments.statistics.metrics import panels
from assessments.statistics.periods import Period
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

ROWS = int(os.environ.get("FIGURE_ROWS", "1500"))
CATEGORIES = ("crisis", "alert", "risk_zone", "builder", "champion")
QUALITIES = (None, "basic", "enhanced", "executive_briefing_qualified")

# The assessments as they were, for what the purge takes along.
KEEP = """
CREATE TEMP TABLE kept ON COMMIT DROP AS
SELECT (created_at AT TIME ZONE 'UTC')::date AS day, completed_at IS NOT NULL AS finished,
       total_score AS score, score_category AS category, completion_time_seconds AS seconds,
       lead_quality AS quality, qualified_for_briefing AS briefing
FROM assessments
"""
MONTHS = """
SELECT count(*), count(*) FILTER (WHERE finished), round(avg(score) FILTER (WHERE finished), 1)::float,
       round(avg(seconds) FILTER (WHERE finished AND seconds BETWEEN 60 AND 1800), 1)::float
FROM kept WHERE to_char(day, 'YYYY-MM') BETWEEN %s AND %s
"""
SCORES = """
SELECT category, count(*), round(avg(score), 1)::float, min(score), max(score)
FROM kept WHERE finished AND day BETWEEN %s AND %s GROUP BY category ORDER BY 3 DESC, 1
"""
FUNNEL = """
SELECT coalesce(quality, ''), count(*), count(*) FILTER (WHERE briefing), round(avg(score), 1)::float
FROM kept WHERE finished AND day BETWEEN %s AND %s GROUP BY 1
"""
TIMES = """
SELECT category, count(*), round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 1)::float,
       round(percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)::numeric, 1)::float
FROM kept WHERE finished AND seconds BETWEEN 60 AND 1800 AND day BETWEEN %s AND %s GROUP BY category
"""


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def many(version: QuestionnaireVersion, now: datetime) -> None:
    """Assessments of five months, fewer in the early ones."""
    random = Random(12)
    Assessment.objects.bulk_create(
        (one(random, version, now, number) for number in range(ROWS)), batch_size=2000
    )
    with connection.cursor() as cursor:
        cursor.execute(KEEP)


def one(random: Random, version: QuestionnaireVersion, now: datetime, number: int) -> Assessment:
    started = now - timedelta(seconds=150 * 86400 * random.random() ** 3)
    assessment = Assessment(
        session_id=hash_token(str(number)), version=version, created_at=started, hubspot_sync_status="skipped"
    )
    if random.random() < 0.6:
        quality = random.choice(QUALITIES)
        assessment.completed_at = started
        assessment.total_score = random.randint(0, 100)
        assessment.score_category = CATEGORIES[min(4, assessment.total_score // 20)]
        assessment.score_breakdown = {}
        assessment.completion_time_seconds = random.choice((0, 59, random.randint(60, 1800), 4000))
        assessment.lead_quality = quality
        assessment.qualified_for_briefing = quality == "executive_briefing_qualified"
        if quality:
            assessment.email = f"lead{number}@engines.example"
            assessment.hubspot_sync_status = "synced"
    return assessment


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def compare(now: datetime) -> None:
    """Each figure over the period that it claims."""
    months = monthly_totals(now)
    for month in months:
        told = (month.started, month.completed, month.average_score, month.average_seconds)
        assert told == pytest.approx(ask(MONTHS, month.first, month.last)[0], abs=0.051), month
    shown = panels(now, "score_distribution", "lead_funnel", "completion_times")
    scores = [
        (row.category, row.count, row.average_score, row.lowest, row.highest)
        for row in shown["score_distribution"].rows
    ]
    assert_same(scores, ask(SCORES, *days(shown["score_distribution"].period)))
    funnel = [(row.quality, row.runs, row.briefing, row.average_score) for row in shown["lead_funnel"].rows]
    assert_same(funnel, ask(FUNNEL, *days(shown["lead_funnel"].period)))
    times = [(row.category, row.count, row.median, row.p95) for row in shown["completion_times"].rows]
    assert_same(times, ask(TIMES, *days(shown["completion_times"].period)))


def days(period: Period) -> tuple[Any, Any]:
    return period.first, period.last


def assert_same(told: list[tuple[Any, ...]], counted: list[tuple[Any, ...]]) -> None:
    """Equal, but for the last digit of a rounded half."""
    assert [row[:2] for row in sorted(told)] == [row[:2] for row in sorted(counted)]
    for ours, theirs in zip(sorted(told), sorted(counted), strict=True):
        assert ours[2:] == pytest.approx(theirs[2:], abs=0.11)


@pytest.mark.usefixtures("many")
def test_figures_are_those_of_plain_sql_at_every_stage(now: datetime) -> None:
    compare(now)
    coarsen(now)
    compare(now)
    scrub()
    compare(now)
    purge(31)
    assert Assessment.objects.count() < ROWS
    coarsen(now)
    compare(now)
