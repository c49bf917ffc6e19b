"""The result as a PDF, compiled by typst in this process, without file or network access.

All text is passed as data and never parsed as markup. The PDF is tagged (PDF/UA-1), which needs a glyph of
typst's own fonts for every character: a company name in another script is left out, and a brand or
questionnaire in another script produces an untagged PDF.
"""

import json
import threading
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import typst
from django.conf import settings
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.results.comparison import NO_COMPARISON, Comparison, Rank
from assessments.results.result import LEVELS, Area, Result
from assessments.results.transcript import AnsweredArea, Line
from branding.brand import current_brand
from scorecard.improvement import WayUp
from web.languages import current_language, other_language
from web.rate_limits import TooManyRequests

SOURCE = settings.BASE_DIR / "templates/assessments/report.typ"
AT_ONCE = 1  # per process: 30 ms and 60 MB each
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
        return compile_with_any_font(report_data(replace(report, made_for="")))
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
        font_paths=report_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data)},
        pdf_standards=["ua-1"] if accessible else [],
    )


@lru_cache(maxsize=1)
def report_source() -> bytes:
    return SOURCE.read_bytes()


@lru_cache(maxsize=1)
def report_fonts() -> typst.Fonts:
    """The fonts bundled with typst, so that a report looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False)


def report_data(report: Report) -> dict[str, Any]:
    """The data for templates/assessments/report.typ, in the current language."""
    brand, result = current_brand(), report.result
    day = date_format(result.completed_at, "DATE_FORMAT")
    return added_data(result) | {
        "title": _("Your result: %(category)s") % {"category": result.band.name},
        "language": current_language().split("-")[0],
        "content_language": other_language(result.language),
        "brand": {"name": brand.name, "accent": brand.light.primary, "chart": brand.light.accent},
        "made_for": " · ".join(part for part in (day, report.made_for) if part),
        "total": result.total,
        "gauge": score_in_words(result.band.name, result.total or 0),
        "radar": ", ".join(score_in_words(area.name, area.score) for area in result.areas),
        "category": result.band.name,
        "message": result.band.message,
        "rank": report.others.total.words if report.others.total else "",
        "next_steps": result.band.next_steps,
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
            for advice in (result.advice if report.unlocked else ())
        ],
        "next": briefing_data(brand.calendar_link) if report.briefing else None,
        "answers": [
            *(answers_data(area) for area in result.answers),
            *(unscored_data(area) for area in result.unscored),
        ],
        "words": {
            "of_100": _("of 100"),
            "next_steps": _("Your next 30 days"),
            "areas": _("Your score by area"),
            "today": _("Today"),
            "next": _("Next"),
            "recommendations": _("Recommendations, most urgent first"),
            "not_answered": _("Not answered"),
            "answers": _("Where your points came from"),
            "question": _("Question"),
            "answer": _("Your answer"),
            "points": _("Points"),
        },
    }


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
        "%(count)s better answer would put you in the next category, which begins at %(score)s.",
        "%(count)s better answers would put you in the next category, which begins at %(score)s.",
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


def briefing_data(link: str) -> dict[str, str]:
    return {
        "title": _("Talk it through in an executive briefing"),
        "text": _(
            "Your result qualifies for a briefing: a conversation about your score and the first steps."
        ),
        "link": link,
        "link_text": _("Choose a time for the briefing"),
    }


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


def added_data(result: Result) -> dict[str, Any]:
    """What only some questionnaires have: a call to action, advice that follows from single answers."""
    call = result.band.call_to_action
    calls = {"call": asdict(call)} if call else {}
    advice = [{"question": each.question.text, "text": each.option.advice} for each in result.by_answer]
    by_answer = {"by_answer": {"title": _("What follows from your answers"), "advice": advice}}
    return calls | (by_answer if advice else {})


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
