"""The dashboard of the back office: figures of the form, recent leads, and what needs attention."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.roles import ROLES
from assessments.models.signs import Sign
from assessments.qualification import LeadQuality
from assessments.statistics import analytics
from assessments.statistics.figure import OTHER, Figure
from assessments.statistics.metrics import METRICS, MetricPeriod, metric_panels
from assessments.statistics.small_cells import Cell
from hubspot_sync.status import figures as sync_figures
from operations.attention import needs_a_person
from operations.backoffice import navigation
from operations.charts import chart_columns, share
from scorecard.bands import band_names
from web.backoffice import declared
from web.formatting import minutes_and_seconds


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's DASHBOARD_CALLBACK: the context that this user has permission for."""
    now = timezone.now()
    context["title"] = "Dashboard"
    if request.user.has_perm("leads.view_lead"):
        context |= form_panels(now)
    context["panels"] = [
        (panel.template, import_string(panel.context)(now))
        for panel in declared("home_panels")
        if request.user.has_perm(panel.permission)
    ]
    return context | {
        "needs_a_person": needs_a_person(request),
        "places": other_places(request),
        "roles": list(ROLES),
    }


def other_places(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages that this user may open, except this one: the dashboard of a role without figures."""
    entries = [entry for group in navigation(request) for entry in group["items"]]
    return [entry for entry in entries if entry["link"] != request.path]


def figures(now: datetime) -> dict[str, list[dict[str, Any]]]:
    """Every figure of the dashboard as JSON values, unaffected by scrubs and purges.

    The exception is the queue, whose waiting rows a purge may delete. `periods` has each metric's time range.
    """
    shown = metric_panels(now)
    found: dict[str, tuple[Any, ...]] = {
        "periods": tuple(MetricPeriod.of(name, panel) for name, panel in shown.items()),
        **{name: panel.rows for name, panel in shown.items()},
        "sync_by_day": sync_figures.sync_by_day(now),
        "queue_by_type": sync_figures.queue_by_type(),
        "need_a_person": sync_figures.failed_by_cause(),
    }
    return {name: [asdict(row) for row in rows] for name, rows in found.items()}


def form_panels(now: datetime) -> dict[str, Any]:
    names = band_names()
    shown = metric_panels(now, *(key for key in METRICS if key != "answers"))
    months = shown["monthly"].rows
    steps = shown["lead_funnel"].rows
    qualities: dict[str, str] = {quality: quality.label for quality in LeadQuality}
    return {
        "shows_form": True,
        "months": [(month, minutes_and_seconds(month.average_seconds or 0)) for month in months],
        "columns": chart_columns(months, now),
        "tiles": tiles(months, now),
        "distribution": [
            (names.get(row.category, row.category), row) for row in shown["score_distribution"].rows
        ],
        "funnel": funnel(steps),
        "qualities": [(qualities.get(step.quality, "No address"), step) for step in steps],
        "times": times(shown["completion_times"].rows, names),
        "metrics": shown,
        "origins": origins(shown["origins"].rows),
        "depths": depths(shown["contact_funnel"].rows),
        "marked": [(Sign(row.sign).brief, row.runs) for row in shown["marked"].rows],
        "given_up": given_up(shown["last_steps"].rows),
    }


def origins(found: tuple[analytics.OriginSplit, ...]) -> list[tuple[str, list[tuple[str, Cell]]]]:
    """[(label of the split, [(group label, cell)])], without empty splits."""
    words = {OTHER: "Others together", "": "None"}
    return [
        (Figure(each.figure).label, [(words.get(group.name, group.name), group) for group in each.cells])
        for each in found
        if each.cells
    ]


def given_up(steps: tuple[analytics.LastStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments abandoned at this step, percent of those that reached it)]."""
    words = {0: "Before the first step"}
    return [(words.get(step.step, f"After step {step.step}"), step.left, step.share) for step in steps]


def tiles(months: tuple[analytics.MonthTotals, ...], now: datetime) -> dict[str, object]:
    """The key figures of this month; {} while it has no assessment."""
    if not months or months[0].last != f"{now.astimezone(UTC):%Y-%m}":
        return {}
    this = months[0]
    return {
        "Started this month": this.started,
        "Finished": f"{this.completed} ({this.rate} %)",
        "Average score": "-" if this.average_score is None else this.average_score,
        "Average time": "-" if this.average_seconds is None else minutes_and_seconds(this.average_seconds),
    }


def funnel(steps: tuple[analytics.QualityStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments, percent of all completed ones)], each step a subset of the previous one."""
    runs = sum(step.runs for step in steps)
    counts = {
        "Finished the form": runs,
        "Left an e-mail address": sum(step.with_email for step in steps),
        "Qualified for a briefing": sum(step.briefing for step in steps),
    }
    return [(words, count, share(count, runs)) for words, count in counts.items()] if runs else []


def depths(steps: tuple[analytics.ContactStep, ...]) -> list[tuple[str, int, int]]:
    """[(label, assessments, percent of all completed ones)], each step a subset of the previous one."""
    words = {"": "Finished the form", "email": "Left an e-mail address", "name": "and a name"}
    words |= {"company": "and a company", "phone": "and a phone number"}
    return [(words[step.field], step.runs, share(step.runs, steps[0].runs)) for step in steps]


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
