"""The form's figures on the start page of the back office, prepared for its template."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.admin.charts import chart_columns, share
from assessments.models.signs import Sign
from assessments.qualification import LeadQuality
from assessments.statistics import analytics
from assessments.statistics.figure import OTHER, Figure
from assessments.statistics.funnels import ContactStep, LastStep, QualityStep
from assessments.statistics.landing import LandingViews
from assessments.statistics.leavers import QuestionLeavers
from assessments.statistics.metrics import METRICS, metric_panels
from assessments.statistics.origins import OriginSplit
from assessments.statistics.small_cells import Cell
from scorecard import versions
from scorecard.published_names import band_names
from web.databases.replica import data_age, may_lag
from web.formatting import minutes_and_seconds

MOST_QUESTIONS = 5


@may_lag
def home_panel(now: datetime, request: HttpRequest) -> dict[str, Any]:
    """The context of `figures.html`; `?questionnaire=KEY` shows those of one."""
    names, questionnaires = band_names(), versions.names()
    chosen = request.GET.get("questionnaire", "")
    chosen = chosen if chosen in questionnaires else ""
    wanted = [key for key in METRICS if key != "answers"]
    shown = metric_panels(now, *wanted, questionnaire=chosen)
    months = shown["monthly"].rows
    steps = shown["lead_funnel"].rows
    qualities: dict[str, str] = {quality: _(quality.label) for quality in LeadQuality}
    return {
        "questionnaires": list(questionnaires.items()) if len(questionnaires) > 1 else [],
        "questionnaire": chosen,
        "age_seconds": data_age(),
        "months": [(month, minutes_and_seconds(month.average_seconds or 0)) for month in months],
        "columns": chart_columns(months, now),
        "tiles": tiles(months, now),
        "distribution": [
            (names.get(row.category, row.category), row) for row in shown["score_distribution"].rows
        ],
        "landing": landing_bars(shown["landing"].rows),
        "funnel": funnel(steps),
        "qualities": [(qualities.get(step.quality, _("No address")), step) for step in steps],
        "times": times(shown["completion_times"].rows, names),
        "metrics": shown,
        "origins": origins(shown["origins"].rows),
        "depths": depths(shown["contact_funnel"].rows),
        "marked": [(_(Sign(row.sign).brief), row.assessments) for row in shown["marked"].rows],
        "given_up": given_up(shown["last_steps"].rows),
        "questions": worst_questions(shown["questions"].rows),
    }


def origins(found: tuple[OriginSplit, ...]) -> list[tuple[str, list[tuple[str, Cell]], bool]]:
    """[(label of the split, [(group label, cell)], whether views are known)], without empty splits."""
    words = {OTHER: _("Others together"), "": _("None")}
    return [
        (
            _(Figure(each.figure).label),
            [(words.get(group.name, group.name), group) for group in each.cells],
            any(group.viewed for group in each.cells),
        )
        for each in found
        if each.cells
    ]


def given_up(steps: tuple[LastStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments abandoned at this step, percent of those that reached it)]."""
    words = {0: _("Before the first step")}
    return [
        (words.get(step.step, _("After step %(step)d") % {"step": step.step}), step.left, step.share)
        for step in steps
    ]


def worst_questions(rows: tuple[QuestionLeavers, ...]) -> list[tuple[str, int, int]]:
    """[(key of the question, assessments abandoned there, percent of those that saw it)], five at most."""
    worst = sorted((row for row in rows if row.left), key=lambda row: -row.share)[:MOST_QUESTIONS]
    return [(row.question, row.left, row.share) for row in worst]


def tiles(months: tuple[analytics.MonthTotals, ...], now: datetime) -> dict[str, object]:
    """The key figures of this month; {} while it has no assessment."""
    if not months or months[0].last != f"{now.astimezone(UTC):%Y-%m}":
        return {}
    this = months[0]
    return {
        _("Started this month"): this.started,
        _("Finished"): f"{this.completed} ({this.rate} %)",
        _("Average score"): "-" if this.average_score is None else this.average_score,
        _("Average time"): "-" if this.average_seconds is None else minutes_and_seconds(this.average_seconds),
    }


def landing_bars(rows: tuple[LandingViews, ...]) -> list[tuple[str, int, int | None]]:
    """[(label, count, percent of the views)]; no percent where more were started than viewed."""
    return [
        found
        for row in rows
        for found in (
            (_("Viewed"), row.viewed, None),
            (_("Started"), row.started, row.rate if row.started <= row.viewed else None),
        )
    ]


def funnel(steps: tuple[QualityStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments, percent of all completed ones)], each step a subset of the previous one."""
    finished = sum(step.assessments for step in steps)
    counts = {
        _("Finished the form"): finished,
        _("Left an e-mail address"): sum(step.with_email for step in steps),
        _("Qualified for a briefing"): sum(step.briefing for step in steps),
    }
    return [(words, count, share(count, finished)) for words, count in counts.items()] if finished else []


def depths(steps: tuple[ContactStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments, percent of all completed ones)], each step a subset of the previous one."""
    words = {"": _("Finished the form"), "email": _("Left an e-mail address"), "name": _("and a name")}
    words |= {"company": _("and a company"), "phone": _("and a phone number")}
    return [
        (words[step.field], step.assessments, share(step.assessments, steps[0].assessments)) for step in steps
    ]


def times(
    rows: tuple[analytics.CategoryTimes, ...], names: dict[str, str]
) -> list[tuple[str, int, str, str, int, int]]:
    """[(category, assessments, median, p95, and both in percent of the longest bar)]."""
    longest = max((row.p95 for row in rows), default=0.0)
    return [
        (
            names.get(row.category, row.category),
            row.count,
            minutes_and_seconds(row.median),
            minutes_and_seconds(row.p95),
            share(row.median, longest),
            share(row.p95, longest),
        )
        for row in rows
    ]
