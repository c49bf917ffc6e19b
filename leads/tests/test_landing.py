"""The landing page at the head of the funnel: its views in a period and segment, or why it has none."""

import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from assessments.models import DailyFigure
from assessments.statistics import view_counting
from assessments.statistics.coarsening import coarsen
from assessments.statistics.view_counting import View, add_view, write_counted_views
from assessments.tests.factories import AssessmentFactory, VersionFactory
from exports.figures import figure_rows
from leads.figures.counting import figures_of
from leads.figures.landing import views_in
from leads.figures.period import Span
from leads.figures.segment import Segment
from privacy.clearing.purge import purge
from privacy.clearing.scrub import scrub
from scorecard.models import QuestionnaireVersion

FIGURES = "/admin/leads/lead/figures/"


def today() -> date:
    return timezone.now().date()


def look(number: int, version: QuestionnaireVersion, day: date | None = None, **fields: str) -> None:
    fields = {"language": "en", "device": "desktop"} | fields
    for _ in range(number):
        add_view(View(day=(day or today()).isoformat(), version=str(version.pk), **fields))
    write_counted_views()


def figures(days: int = 1, marked: bool = False, **values: str) -> dict[str, Any]:
    """The figures, and under `unknown` why views are not."""
    segment = Segment({name: (value,) for name, value in values.items()}, marked)
    span = Span(today() - timedelta(days=days - 1), today())
    return figures_of(span, segment) | {"unknown": views_in(span, segment).unknown}


@pytest.fixture
def viewed(version: QuestionnaireVersion) -> None:
    """Ten views, of which four are from a newsletter, and two assessments."""
    look(3, version, referrer="news.example", campaign="autumn", device="mobile")
    look(1, version, referrer="news.example", language="de")
    look(6, version)
    AssessmentFactory.create(version=version, answers="A", referrer_source="news.example", language="de")
    AssessmentFactory.create(version=version, answers="A", email="a@example.com")


@pytest.mark.usefixtures("viewed")
def test_the_funnel_begins_with_the_landing_page() -> None:
    landing, started, *_ = figures()["funnel"]
    assert landing == {
        "stage": "landing",
        "reached": 10,
        "reached_rate": None,
        "left": 8,
        "left_rate": 80.0,
    }
    assert (started["reached"], started["reached_rate"]) == (2, 100.0)
    assert (figures()["viewed"], figures()["start_rate"]) == (10, 20.0)


@pytest.mark.usefixtures("viewed")
def test_views_are_those_of_plain_sql_before_and_after_they_are_summed_up_scrubbed_and_exported() -> None:
    def by_sql(where: str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(sum(runs), 0) FROM daily_figures WHERE {where}")
            return int(cursor.fetchone()[0])

    def compare() -> None:
        assert figures()["viewed"] == by_sql("figure = 'view' AND part = ''") == 10
        assert figures(device="mobile")["viewed"] == by_sql("name = 'mobile' AND part = 'device'") == 3
        assert figures(language="de")["viewed"] == by_sql("name = 'de' AND part = 'language'") == 1
        assert figures(campaign="autumn")["viewed"] == by_sql("figure = 'utm_campaign' AND part = 'viewed'")
        assert figures(source="news.example")["viewed"] == 4
        assert figures(source="-")["viewed"] == 6

    compare()
    coarsen(timezone.now())
    compare()
    scrub()
    compare()
    assert figure_rows("")["period"][0]["views_unknown"] != ""  # thirty days: more than are stored


def test_views_of_one_questionnaire_are_its_own(version: QuestionnaireVersion) -> None:
    other = VersionFactory.create()
    look(2, version)
    look(5, other)
    assert figures(questionnaire=other.questionnaire.key)["viewed"] == 5
    assert figures(questionnaire=version.questionnaire.key, device="desktop")["viewed"] == 2


@pytest.mark.usefixtures("viewed")
@pytest.mark.parametrize(
    ("segment", "why"),
    [
        ({"variant": "a:b"}, "no variant"),
        ({"quality": "basic"}, "no variant"),
        ({"language": "de", "device": "mobile"}, "each of them apart"),
        ({"marked": True}, "robots"),
    ],
)
def test_where_views_are_not_counted_so_the_figures_say_it(segment: dict[str, Any], why: str) -> None:
    found = figures(**segment)
    assert (found["viewed"], found["start_rate"]) == (None, None)
    assert why in found["unknown"]
    assert "landing" not in {row["stage"] for row in found["funnel"]}


def test_days_before_views_were_counted_have_no_rate(version: QuestionnaireVersion) -> None:
    before = today() - timedelta(days=3)
    DailyFigure.objects.create(day=before, version=version, figure="started", assessments=1)
    AssessmentFactory.create(version=version, answers="A", created_at=timezone.now() - timedelta(days=3))
    assert figures()["unknown"] == "None was counted yet."
    look(2, version, today() - timedelta(days=2))
    look(2, version)
    assert "counted since" in figures(days=3)["unknown"]
    assert figures(days=2)["viewed"] == 2


@pytest.mark.usefixtures("viewed")
def test_days_whose_assessments_were_purged_have_no_rate(version: QuestionnaireVersion) -> None:
    day = today() - timedelta(days=9)
    DailyFigure.objects.create(day=day, version=version, figure="started", assessments=1)
    look(7, version, day)
    AssessmentFactory.create(version=version, answers="B", created_at=timezone.now() - timedelta(days=9))
    assert figures(days=10)["viewed"] == 17
    purge(5, include_undelivered=True)
    assert figures(days=10)["unknown"] == "Assessments of these days were purged."
    assert figures()["viewed"] == 10


def test_days_past_the_retention_are_in_the_dashboard_alone(version: QuestionnaireVersion) -> None:
    look(3, version, today() - timedelta(days=80))
    assert "in the dashboard alone" in figures(days=81)["unknown"]


def test_a_day_with_too_many_campaigns_tells_none_apart(
    version: QuestionnaireVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_counting, "MOST_NAMES", 1)
    look(1, version, campaign="autumn")
    look(1, version, campaign="winter")
    assert "too many names" in figures(campaign="autumn")["unknown"]
    assert figures(device="desktop")["viewed"] == 2


def test_more_starts_than_views_have_no_rate(version: QuestionnaireVersion) -> None:
    look(1, version)
    for _ in range(2):
        AssessmentFactory.create(version=version, answers="A")
    assert figures()["start_rate"] is None
    assert (figures()["funnel"][0]["reached"], figures()["funnel"][0]["left"]) == (1, None)


@pytest.mark.usefixtures("viewed")
def test_tables_tell_views_beside_starts_and_what_was_only_viewed() -> None:
    found = figures()
    sources = {
        row["source"]: (row["viewed"], row["started"], row["started_rate"]) for row in found["sources"]
    }
    assert sources == {"news.example": (4, 1, 25.0), None: (6, 1, 16.7)}
    assert {row["language"]: row["viewed"] for row in found["languages"]} == {"de": 1, "en": 9}
    assert {row["device"]: row["viewed"] for row in found["devices"]}["mobile"] == 3
    assert "viewed" not in figures(language="de")["devices"][0]


@pytest.mark.usefixtures("viewed")
def test_the_page_shows_the_landing_page_or_why_it_does_not(admin_client: Client) -> None:
    days = {"from": today().isoformat(), "until": today().isoformat()}
    page = admin_client.get(FIGURES, days).content.decode()
    assert "Landing page viewed" in page
    assert "Views of the landing page are not shown" not in page
    page = admin_client.get(FIGURES, days | {"quality": "basic"}).content.decode()
    assert "Views of the landing page are not shown: A view has no variant and no quality." in page


@pytest.mark.usefixtures("viewed")
def test_the_command_tells_views_of_a_segment() -> None:
    out = StringIO()
    day = today().isoformat()
    call_command("figures", "--from", day, "--until", day, "--segment", "device=mobile", stdout=out)
    assert json.loads(out.getvalue())["figures"]["viewed"] == 3
