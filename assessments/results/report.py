"""The result as a PDF, compiled by typst in this process, without file or network access.

All text is passed as data and never parsed as markup. The PDF is tagged (PDF/UA-1), which needs a glyph of
typst's own fonts for every character: a company name in another script is left out, and a brand or
questionnaire in another script produces an untagged PDF.
"""

import json
import re
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import typst
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.results.comparison import NO_COMPARISON, Comparison, Rank
from assessments.results.first_steps import MOST, Step
from assessments.results.insight_words import insight_in_words
from assessments.results.next_step import NextStep, Way, next_step
from assessments.results.result import LEVELS, Advice, Area, Result
from assessments.results.transcript import AnsweredArea, Line
from branding.brand import current_brand
from branding.drawing import drawing_fonts
from branding.palette import LIGHT, nearest_readable
from scorecard.improvement import WayUp
from web.languages import current_language, other_language
from web.rate_limits import TooManyRequests

SOURCE = settings.BASE_DIR / "templates/assessments/report.typ"
AT_ONCE = 1  # per process: 30 ms and 60 MB each
LONG_WORD = re.compile(r"\S{20}(?=\S)")
PATIENCE = 5.0  # seconds that a request waits for a free compiler

_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Report:
    """The content of a report. `unlocked`: with recommendations; `made_for`: a company name as typed."""

    result: Result
    unlocked: bool = True
    briefing: bool = False
    others: Comparison = NO_COMPARISON
    made_for: str = ""


def render_report(report: Report) -> bytes:
    """Compile the PDF of a report.

    Raises TooManyRequests when no compiler is free within PATIENCE seconds.
    """
    if not _turn.acquire(timeout=PATIENCE):
        raise TooManyRequests(60, {})
    try:
        return compile_pdf(report_data(report))
    except typst.TypstError:  # the fonts lack a glyph of the name
        left_out = _("The company's name is left out: this report lacks letters of its script.")
        return compile_with_any_font(
            report_data(replace(report, made_for=left_out if report.made_for else ""))
        )
    finally:
        _turn.release()


def compile_with_any_font(data: dict[str, Any]) -> bytes:
    """Compile a tagged PDF, or an untagged one if the fonts lack a glyph."""
    try:
        return compile_pdf(data)
    except typst.TypstError:
        return compile_pdf(data, accessible=False)


def compile_pdf(data: dict[str, Any], *, accessible: bool = True) -> bytes:
    return typst.compile(
        report_source(),
        font_paths=drawing_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data)},
        pdf_standards=["ua-1"] if accessible else [],
    )


@lru_cache(maxsize=1)
def report_source() -> bytes:
    return SOURCE.read_bytes()


def report_data(report: Report) -> dict[str, Any]:
    """The data for templates/assessments/report.typ, in the current language."""
    brand, result = current_brand(), report.result
    day = date_format(result.completed_at, "DATE_FORMAT")
    reach = (brand.contact, brand.adviser.phone, *brand.postal_address.splitlines())
    return {
        "title": _("Your result: %(category)s") % {"category": result.band.name},
        "language": current_language().split("-")[0],
        "content_language": other_language(result.language),
        "brand": {
            "name": brand.name,
            "accent": brand.light.primary,
            "on_accent": brand.light.on_primary,
            "chart": band_color(result) or brand.light.accent,
        },
        "name": result.questionnaire,
        "made_for": breakable(report.made_for),
        "day": day,
        "adviser": brand.adviser.name,
        "reach": [line for line in reach if line],
        "total": result.total,
        "gauge": score_in_words(result.band.name, result.total or 0),
        "gaps": [mark.min_score for mark in result.gauge.marks[1:]],
        "radar": ", ".join(score_in_words(area.name, area.score) for area in result.areas),
        "category": result.band.name,
        "message": result.band.message,
        "rank": report.others.total.words if report.others.total else "",
        "insight": insight_in_words(result.insight).lines,
        "plan": plan_data(result),
        "areas": [
            {
                "name": area.name,
                "score": area.score,
                "score_words": of_100(area.score),
                "note": area_note(area, report.others.areas.get(area.key)),
            }
            for area in result.areas
        ],
        "way_up": way_up_data(result.way_up) if result.way_up else None,
        "advice": [
            {
                "level": advice.level,
                "level_label": advice.level_label,
                "area": advice.section_name,
                "title": advice.title,
                "description": advice.description,
                "actions": advice.action_items,
            }
            for advice in (further_advice(result) if report.unlocked else ())
        ],
        "call": call_data(next_step(result.band, brand, result.total), briefing=report.briefing)
        if result.has_score
        else None,
        "answers": [
            *(answers_data(area) for area in result.answers),
            *(unscored_data(area) for area in result.unscored),
        ],
        "words": report_words(),
    }


def report_words() -> dict[str, str]:
    """The report's own words, in the current language."""
    return {
        "of_100": _("of 100"),
        "contact": _("Your contact"),
        "insight": _("Where you stand"),
        "plan": _("What to do in 30, 60 and 90 days"),
        "areas": _("Your score by area"),
        "today": _("Today"),
        "next": _("Next"),
        "recommendations": _("Recommendations, most urgent first"),
        "not_answered": _("Not answered"),
        "answers": _("Where your points came from"),
        "question": _("Question"),
        "answer": _("Your answer"),
        "points": _("Points"),
    }


def breakable(name: str) -> str:
    """The name with a place to break its line in each very long word: typst breaks lines only there."""
    return LONG_WORD.sub(lambda word: f"{word[0]}\u200b", name)


def area_note(area: Area, rank: Rank | None) -> str:
    """The line below an area's bar, as on the page."""
    weight = _("%(percent)s%% of the total") % {"percent": floatformat(area.weight_percent)}
    parts = (weight, str(LEVELS[area.level]), rank.in_short if rank else "")
    return " · ".join(part for part in parts if part)


def of_100(score: int) -> str:
    return _("%(score)s of 100") % {"score": score}


def score_in_words(name: str, score: int) -> str:
    """The alternative text of a chart, or of one of its axes."""
    return _("%(name)s: %(score)s of 100") % {"name": name, "score": score}


def way_up_data(way_up: WayUp) -> dict[str, Any]:
    count = len(way_up.changes)
    lead = ngettext(
        "With one better answer you reach the next category, which begins at %(score)s.",
        "With %(count)s better answers you reach the next category, which begins at %(score)s.",
        count,
    )
    return {
        "title": _("The shortest way to “%(category)s”") % {"category": way_up.band.name},
        "lead": lead % {"count": count, "score": way_up.band.min_score},
        "changes": [
            {
                "question": change.question.text,
                "before": change.before.label if change.before else "",
                "after": change.after.label,
            }
            for change in way_up.changes
        ],
    }


def call_data(call: NextStep, *, briefing: bool) -> dict[str, Any]:
    """The call to action on paper: only ways that work there."""
    qualifies = _("Your result qualifies you for an executive briefing. We have reserved a place for you.")
    return {
        "title": call.title,
        "text": call.text,
        "briefing": qualifies if briefing else "",
        "line": call.line,
        "ways": [{"label": way.label, "link": way.link, "address": in_print(way)} for way in call.links],
        "ask": "" if call.links else _("You can ask us for a call on your result page."),
    }


def in_print(way: Way) -> str:
    """The address of a link, readable on paper."""
    return way.typed or way.link.removeprefix("https://").partition("?")[0]


def band_color(result: Result) -> str:
    """The colour of the category, as close to the author's as it can be read on paper; '' without one."""
    return nearest_readable("accent", LIGHT, result.band.color) if result.band.color else ""


def plan_data(result: Result) -> list[dict[str, Any]]:
    """The steps of 30, 60 and 90 days: from the answers, then those of the category."""
    first = [step_data(step) for step in result.first_steps]
    second = [step_data(step) for step in second_steps(result)]
    last = [{"text": text, "because": ""} for text in result.band.next_steps]
    parts = (
        [(_("In the first 30 days"), first), (_("By day 60"), second), (_("By day 90"), last)]
        if first
        else [(_("Your next 30 days"), last)]  # without advice on single answers
    )
    return [{"title": title, "steps": steps} for title, steps in parts if steps]


def second_steps(result: Result) -> tuple[Step, ...]:
    """The urgent steps after the first ones."""
    first = result.first_steps
    return tuple(step for step in result.steps if step.is_urgent and step not in first)[:MOST]


def step_data(step: Step) -> dict[str, str]:
    because = f"{step.question} {step.answer}" if step.cost else step.question
    return {"text": step.text, "because": because}


def further_advice(result: Result) -> tuple[Advice, ...]:
    """The advice by area without what the plan says already."""
    said = {step.text for step in (*result.first_steps, *second_steps(result))}
    return tuple(
        replace(each, action_items=tuple(item for item in each.action_items if item not in said))
        for each in result.advice
    )


def points_in_words(line: Line) -> str:
    if not line.attainable:
        return ""
    return _("%(points)s of %(attainable)s") % {"points": line.points, "attainable": line.attainable}


def unscored_data(area: AnsweredArea) -> dict[str, Any]:
    """What was answered outside the score."""
    lines = [
        {"question": line.question.text, "answer": line.words, "points": ""}
        for line in area.lines
        if line.chosen
    ]
    return {"title": area.name, "lines": lines}


def answers_data(area: AnsweredArea) -> dict[str, Any]:
    return {
        "title": score_in_words(area.name, area.score),
        "lines": [
            {
                "question": line.question.text,
                "answer": line.answer if line.chosen else "",
                "points": points_in_words(line),
            }
            for line in area.lines
        ],
    }
