"""Every figure against plain SQL on random assessments: fresh, after the hourly job, the scrub and the purge.

FIGURE_ROWS says how many; script/test --deep takes 100,000.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import Assessment, AssessmentSession, DailyFigure, Response
from assessments.models.session import hash_token
from assessments.statistics.coarsening import coarsen
from assessments.statistics.metrics import METRICS, metric_panels
from assessments.statistics.view_counting import View, write_batch
from hubspot_sync.status.figures import sync_by_day
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from scorecard.models import QuestionnaireVersion
from web.tally.batches import Batch

# Each batch commits, as visitors do: in one transaction every count would leave all its earlier ones behind.
pytestmark = pytest.mark.django_db(transaction=True)

ROWS = int(os.environ.get("FIGURE_ROWS", "1500"))
CATEGORIES = ("crisis", "alert", "risk_zone", "builder", "champion")
QUALITIES = (None, "basic", "enhanced", "executive_briefing_qualified")
REFERRERS = (None, "news.example", "partner.example")

# The assessments as they were, for what the scrub and the purge take along.
STEPS = "CREATE TEMP TABLE steps (session_id text, current_step int)"
KEEP_STEPS = """
INSERT INTO steps SELECT session_id, current_step FROM assessment_sessions WHERE expires_at <= %s
"""
KEEP = """
CREATE TEMP TABLE kept AS
SELECT (run.created_at AT TIME ZONE 'UTC')::date AS day, completed_at IS NOT NULL AS finished,
       total_score AS score, score_category AS category, completion_time_seconds AS seconds,
       lead_quality AS quality, qualified_for_briefing AS briefing, score_breakdown AS areas, doubts,
       steps.current_step AS step, hubspot_sync_status AS status, referrer_source AS referrer,
       CASE WHEN email IS NULL THEN 0 WHEN first_name IS NULL AND last_name IS NULL THEN 1
            WHEN company IS NULL THEN 2 WHEN phone IS NULL THEN 3 ELSE 4 END AS depth,
       (SELECT value ->> 'selectedOptionId' FROM responses
        WHERE assessment_id = run.id AND question_key = 'governance_1') AS option
FROM assessments AS run LEFT JOIN steps USING (session_id)
"""
LOOK = "CREATE TEMP TABLE looked AS SELECT day, 2 * count(*) AS views FROM kept GROUP BY day"
UNMARKED = "(SELECT * FROM kept WHERE doubts = '{}') AS kept"
MONTHS = f"""
SELECT count(*), count(*) FILTER (WHERE finished OR step IS NOT NULL), count(*) FILTER (WHERE finished),
       (avg(score) FILTER (WHERE finished))::float,
       (avg(seconds) FILTER (WHERE finished AND seconds BETWEEN 60 AND 1800))::float
FROM {UNMARKED} WHERE to_char(day, 'YYYY-MM') BETWEEN %s AND %s
"""
COUNTS = {
    "score_distribution": f"""
        SELECT category, count(*), round(avg(score), 1)::float, min(score), max(score)
        FROM {UNMARKED} WHERE finished AND day BETWEEN %s AND %s GROUP BY category
    """,
    "lead_funnel": f"""
        SELECT coalesce(quality, ''), count(*), count(*) FILTER (WHERE briefing), round(avg(score), 1)::float
        FROM {UNMARKED} WHERE finished AND day BETWEEN %s AND %s GROUP BY 1
    """,
    "contact_funnel": f"""
        SELECT field, count(*) FILTER (WHERE depth >= least)
        FROM {UNMARKED}, (VALUES ('', 0), ('email', 1), ('name', 2), ('company', 3), ('phone', 4))
             AS steps (field, least)
        WHERE finished AND day BETWEEN %s AND %s GROUP BY field
    """,
    "completion_times": f"""
        SELECT category, count(*),
               round(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric, 1)::float,
               round(percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds)::numeric, 1)::float
        FROM {UNMARKED} WHERE finished AND seconds BETWEEN 60 AND 1800 AND day BETWEEN %s AND %s
        GROUP BY category
    """,
    "answers": f"""
        SELECT option, count(*) FROM {UNMARKED}
        WHERE option IS NOT NULL AND day BETWEEN %s AND %s GROUP BY option
    """,
    "last_steps": f"""
        SELECT step, sum(count(*)) OVER (ORDER BY step DESC NULLS FIRST)::int, count(*)
        FROM {UNMARKED} WHERE (finished OR step IS NOT NULL) AND day BETWEEN %s AND %s GROUP BY step
    """,
    # governance_1 is on the fourth page
    "questions": f"""
        SELECT 'governance_1', count(*) FILTER (WHERE finished OR step >= 3),
               count(*) FILTER (WHERE (finished OR step >= 3) AND option IS NULL)
        FROM {UNMARKED} WHERE day BETWEEN %s AND %s
    """,
    "origins": f"""
        SELECT 'all', count(*), count(*) FILTER (WHERE finished), count(*) FILTER (WHERE quality IS NOT NULL),
               count(*) FILTER (WHERE briefing)
        FROM {UNMARKED} WHERE day BETWEEN %s AND %s
    """,
    "landing": f"""
        SELECT sum(views)::int, sum((SELECT count(*) FROM {UNMARKED} WHERE kept.day = looked.day))::int
        FROM looked WHERE day BETWEEN %s AND %s
    """,
    "marked": """
        SELECT doubts[1], count(*) FROM kept WHERE doubts <> '{}' AND day BETWEEN %s AND %s GROUP BY 1
    """,
}
FIELDS = {
    "score_distribution": ("category", "count", "average_score", "lowest", "highest"),
    "lead_funnel": ("quality", "assessments", "briefing", "average_score"),
    "contact_funnel": ("field", "assessments"),
    "completion_times": ("category", "count", "median", "p95"),
    "last_steps": ("step", "reached", "left"),
    "questions": ("question", "reached", "left"),
    "landing": ("viewed", "started"),
    "marked": ("sign", "assessments"),
}
SYNC = f"""
SELECT to_char(day, 'YYYY-MM-DD'), count(*), count(*) FILTER (WHERE status = 'synced'),
       count(*) FILTER (WHERE status = 'failed'), count(*) FILTER (WHERE NOT finished)
FROM {UNMARKED} WHERE day > %s AND (quality IS NOT NULL OR (NOT finished AND status IN ('synced', 'failed')))
GROUP BY day
"""
TOTALS = f"SELECT score, count(*) FROM {UNMARKED} WHERE finished GROUP BY score"
AREAS = f"""
SELECT (areas ->> 'governance')::int, count(*) FROM {UNMARKED} WHERE finished GROUP BY 1
"""


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def many(version: QuestionnaireVersion, now: datetime) -> Iterator[None]:
    """Assessments of five months with two views each, fewer early on; expired sessions are ended."""
    random = Random(12)
    ask(STEPS)
    for first in range(0, ROWS, 2000):
        batch = [one(random, version, now, number) for number in range(first, min(ROWS, first + 2000))]
        Assessment.objects.bulk_create(batch)
        sessions = AssessmentSession.objects.bulk_create(
            session_of(random, assessment) for assessment in batch if not assessment.completed_at
        )
        Response.objects.bulk_create(
            Response(
                assessment=assessment,
                question_key="governance_1",
                value={"selectedOptionId": random.choice("ABCDE")},
            )
            for assessment in batch
            if assessment.completed_at
        )
        ask(KEEP_STEPS, now)
        end_unfinished([session for session in sessions if session.expires_at <= now])
    ask("ANALYZE")
    ask(KEEP)
    ask(LOOK)
    for day, views in ask("SELECT day, views FROM looked"):
        view = View(str(day), str(version.pk), "en", "desktop", referrer="news.example")
        write_batch(Batch(uuid4(), {view.as_text(): views}))
    yield
    ask("DROP TABLE steps, kept, looked")


def one(random: Random, version: QuestionnaireVersion, now: datetime, number: int) -> Assessment:
    started = now - timedelta(seconds=150 * 86400 * random.random() ** 3)
    assessment = Assessment(
        session_id=hash_token(str(number)),
        version=version,
        created_at=started,
        hubspot_sync_status=random.choice(("skipped", "skipped", "synced", "failed")),
        referrer_source=random.choice(REFERRERS),
        doubts=random.choices(([], ["test"], ["too_fast", "robot"]), (90, 5, 5))[0],
    )
    if random.random() < 0.6:
        quality = random.choice(QUALITIES)
        assessment.completed_at = started
        assessment.total_score = random.randint(0, 100)
        assessment.score_category = CATEGORIES[min(4, assessment.total_score // 20)]
        assessment.score_breakdown = {"governance": random.randint(0, 100)}
        assessment.completion_time_seconds = random.choice((0, 59, random.randint(60, 1800), 4000))
        assessment.lead_quality = quality
        assessment.qualified_for_briefing = quality == "executive_briefing_qualified"
        assessment.hubspot_sync_status = "skipped"
        if quality:
            assessment.email = f"lead{number}@engines.example"
            assessment.last_name = random.choice((None, "Lovelace"))
            assessment.company = random.choice((None, "Engines"))
            assessment.phone = random.choice((None, "+44 20 7946 0000"))
            assessment.contact_depth = assessment.contact.depth
            assessment.hubspot_sync_status = random.choice(("pending", "synced", "failed"))
    return assessment


def session_of(random: Random, assessment: Assessment) -> AssessmentSession:
    return AssessmentSession(
        assessment=assessment,
        total_steps=4,
        current_step=random.randint(0, 4),
        doubts=random.choices(([], ["honeypot"]), (95, 5))[0],
        expires_at=assessment.created_at + timedelta(days=1),
    )


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def compare(version: QuestionnaireVersion, now: datetime) -> None:
    """Each figure over the period that it claims."""
    shown = metric_panels(now)
    for month in shown["monthly"].rows:
        told = (month.started, month.ended, month.completed, month.average_score, month.average_seconds)
        assert told == pytest.approx(ask(MONTHS, month.first, month.last)[0], abs=0.051), month
    for key, statement in COUNTS.items():
        period = shown[key].period
        counted = ask(statement, period.first, period.last)
        assert_same(key, told_by(key, shown[key].rows), [row for row in counted if row[0] is not None])
    days = [(day.day, day.leads, day.synced, day.failed, day.unfinished) for day in sync_by_day(now)]
    assert_same("sync", days, ask(SYNC, now.date() - timedelta(days=7)))
    scores = DailyFigure.objects.scores(version.pk)
    assert scores[""] == dict(ask(TOTALS))
    assert scores["governance"] == dict(ask(AREAS))


def is_compared(row: Any) -> bool:
    return getattr(row, "question", "governance_1") == "governance_1"


def told_by(key: str, rows: Any) -> list[tuple[Any, ...]]:
    """The rows of a metric in the columns of its statement."""
    if names := FIELDS.get(key):
        return [tuple(getattr(row, name) for name in names) for row in rows if is_compared(row)]
    if key == "answers":
        return list(rows[0].options)
    cells = rows[0].cells
    sums = (
        sum(getattr(cell, part) for cell in cells) for part in ("started", "completed", "leads", "briefing")
    )
    return [("all", *sums)]


def assert_same(key: str, told: list[tuple[Any, ...]], counted: list[tuple[Any, ...]]) -> None:
    """Equal, but for the last digit of a rounded half."""
    assert [row[:2] for row in sorted(told)] == [row[:2] for row in sorted(counted)], key
    for ours, theirs in zip(sorted(told), sorted(counted), strict=True):
        assert ours[2:] == pytest.approx(theirs[2:], abs=0.11), key


def test_every_metric_is_compared() -> None:
    assert set(METRICS) == {*COUNTS, "monthly"}


@pytest.mark.usefixtures("many")
def test_figures_are_those_of_plain_sql_at_every_stage(version: QuestionnaireVersion, now: datetime) -> None:
    compare(version, now)
    coarsen(now)
    compare(version, now)
    scrub()
    compare(version, now)
    purge(31)
    assert Assessment.objects.count() < ROWS
    coarsen(now)
    compare(version, now)
