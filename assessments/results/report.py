"""The report to keep: the result page as a PDF, drawn by typst in this process, without files or network.

Whatever is said in it is handed over as data and never read as markup. It is a tagged PDF/UA-1, which needs a
letter of one of typst's own fonts for every character: a name in another script is left out, and a brand or a
questionnaire in another script costs that promise.
"""

import json
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

from assessments.results.comparison import NOBODY, Comparison, Standing
from assessments.results.next_step import house
from assessments.results.result import LEVELS, Area, Result
from assessments.results.transcript import AnsweredArea
from scorecard.improvement import WayUp
from web.languages import other_than_spoken
from web.languages import spoken as spoken_now
from web.rate_limits import TooManyRequests

SOURCE = settings.BASE_DIR / "templates/assessments/report.typ"
AT_ONCE = 1  # of one process: 30 ms and 60 MB each, beside which other requests go on
PATIENCE = 5.0  # seconds that a request waits for its turn

_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Paper:
    """What goes on paper. `unlocked`: with recommendations; `made_for`: a name, as somebody typed it."""

    result: Result
    unlocked: bool = True
    briefing: bool = False
    others: Comparison = NOBODY
    made_for: str = ""


def report(paper: Paper) -> bytes:
    """The PDF of a result.

    Raises TooManyRequests when so many are being made that none would be ready soon.
    """
    if not _turn.acquire(timeout=PATIENCE):
        raise TooManyRequests(60, {})
    try:
        return drawn(contents(paper))
    except typst.TypstError:  # the fonts lack a letter of the name
        return drawn_all_the_same(contents(replace(paper, made_for="")))
    finally:
        _turn.release()


def drawn_all_the_same(data: dict[str, Any]) -> bytes:
    """With the letters that there are, when the brand or the questionnaire is written in others too."""
    try:
        return drawn(data)
    except typst.TypstError:
        return drawn(data, accessible=False)


def drawn(data: dict[str, Any], *, accessible: bool = True) -> bytes:
    return typst.compile(
        source(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data)},
        pdf_standards=["ua-1"] if accessible else [],
    )


@lru_cache(maxsize=1)
def source() -> bytes:
    return SOURCE.read_bytes()


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """The fonts that come with typst: the same paper on every machine."""
    return typst.Fonts(include_system_fonts=False)


def contents(paper: Paper) -> dict[str, Any]:
    """Everything the paper says, in the active language, as templates/assessments/report.typ reads it."""
    brand, result = house(), paper.result
    day = date_format(result.completed_at, "DATE_FORMAT")
    return {
        "title": _("Your result: %(category)s") % {"category": result.band.name},
        "language": spoken_now().split("-")[0],
        "content_language": other_than_spoken(result.language),
        "brand": {"name": brand.name, "accent": brand.accent, "chart": brand.chart},
        "made_for": " · ".join(part for part in (day, paper.made_for) if part),
        "total": result.total,
        "gauge": spoken(result.band.name, result.total),
        "radar": ", ".join(spoken(area.name, area.score) for area in result.areas),
        "category": result.band.name,
        "message": result.band.message,
        "standing": paper.others.total.words if paper.others.total else "",
        "next_steps": result.band.next_steps,
        "areas": [
            {
                "name": area.name,
                "score": area.score,
                "score_words": of_100(area.score),
                "note": note(area, paper.others.areas.get(area.key)),
            }
            for area in result.areas
        ],
        "way_up": ways(result.way_up) if result.way_up else None,
        "advice": [
            {
                "level": advice.level,
                "level_label": advice.level_label,
                "area": advice.section_name,
                "title": advice.title,
                "description": advice.description,
                "actions": advice.action_items,
            }
            for advice in (result.advice if paper.unlocked else ())
        ],
        "next": invitation(brand.calendar_link) if paper.briefing else None,
        "answers": [answered(area) for area in result.answers],
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


def note(area: Area, standing: Standing | None) -> str:
    """What stands under the bar of an area, as on the page."""
    weight = _("%(percent)s%% of the total") % {"percent": floatformat(area.weight_percent)}
    parts = (weight, str(LEVELS[area.level]), standing.in_short if standing else "")
    return " · ".join(part for part in parts if part)


def of_100(score: int) -> str:
    return _("%(score)s of 100") % {"score": score}


def spoken(name: str, score: int) -> str:
    """What a screen reader says of a chart, or of one of its axes."""
    return _("%(name)s: %(score)s of 100") % {"name": name, "score": score}


def ways(way_up: WayUp) -> dict[str, Any]:
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


def invitation(link: str) -> dict[str, str]:
    return {
        "title": _("Talk it through in an executive briefing"),
        "text": _(
            "Your result qualifies for a briefing: a conversation about your score and the first steps."
        ),
        "link": link,
        "link_text": _("Choose a time for the briefing"),
    }


def answered(area: AnsweredArea) -> dict[str, Any]:
    return {
        "title": spoken(area.name, area.score),
        "lines": [
            {
                "question": line.question.text,
                "answer": line.answer if line.chosen else "",
                "points": _("%(points)s of %(attainable)s")
                % {"points": line.points, "attainable": line.attainable},
            }
            for line in area.lines
        ],
    }
