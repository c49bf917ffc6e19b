"""A finished assessment as pages, API and admin show it, computed from its frozen version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.results.first_steps import Step, first_of, steps_of
from assessments.results.gauge import NO_GAUGE, Gauge, gauge_of
from assessments.results.insight import Insight, insight_of
from assessments.results.transcript import AnsweredArea, transcript, unscored_areas
from scorecard import versions
from scorecard.definition import Band, Definition, Recommendation, Section
from scorecard.improvement import WayUp, way_up
from scorecard.recommendations import advice_by_answer, recommend
from scorecard.scoring import score

THANKS = _("Thank you for your answers")
LEVELS = {"high": _("Act now"), "medium": _("Improve"), "low": _("Keep it up")}


@dataclass(frozen=True, slots=True)
class Area:
    """The score of one section, 0-100, and its weight in percent."""

    key: str
    name: str
    score: int
    weight_percent: float
    level: str

    @property
    def level_label(self) -> str:
        return str(LEVELS[self.level])


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation with the name of its section; actions that follow from its answers come first."""

    section: str
    section_name: str
    level: str
    title: str
    description: str
    action_items: tuple[str, ...]

    @property
    def level_label(self) -> str:
        return str(LEVELS[self.level])


@dataclass(frozen=True, slots=True)
class Result:
    """All parts of a result, in page order."""

    completed_at: datetime
    total: int | None  # None without a score
    band: Band  # without a score: the title and text of the last page
    areas: tuple[Area, ...]
    advice: tuple[Advice, ...]
    answers: tuple[AnsweredArea, ...]
    way_up: WayUp | None
    unscored: tuple[AnsweredArea, ...] = ()  # what was answered outside the score
    steps: tuple[Step, ...] = ()  # what follows from single answers, the costliest first
    gauge: Gauge = NO_GAUGE
    language: str = ""  # language of the questionnaire's texts; "" if unknown
    questionnaire: str = ""  # its name
    key: str = ""  # of the questionnaire
    asks_address: bool = True  # False: nothing is kept back until there is an address

    @property
    def has_score(self) -> bool:
        return self.total is not None

    @property
    def first_steps(self) -> tuple[Step, ...]:
        """The steps to begin with, three at most."""
        return first_of(self.steps)

    @property
    def further_advice(self) -> tuple[Advice, ...]:
        """The advice without what the first steps say already."""
        said = {step.text for step in self.first_steps}
        return tuple(
            replace(each, action_items=tuple(item for item in each.action_items if item not in said))
            for each in self.advice
        )

    @property
    def insight(self) -> Insight | None:
        return insight_of(self.answers)

    @property
    def scored_answers(self) -> int:
        """How many scored questions were answered."""
        return sum(line.chosen for area in self.answers for line in area.lines)

    @property
    def scores(self) -> dict[str, int]:
        """Scores 0-100 by area key."""
        return {area.key: area.score for area in self.areas}


def result_of(assessment: Assessment, language: str | None = None, *, with_way_up: bool = True) -> Result:
    """The result of a finished assessment, by its pinned version; ValueError for an unfinished one.

    Its texts are in `language` (de), or else in the questionnaire's own. The way up takes some milliseconds.
    """
    if assessment.completed_at is None:
        raise ValueError("An unfinished assessment has no result.")
    return computed_result(
        versions.get(assessment.version_id).in_language(language),
        assessment.responses,
        completed_at=assessment.completed_at,
        total=assessment.total_score,
        scores=assessment.score_breakdown or {},
        category=assessment.score_category or "",
        way_up=cached_way_up(assessment.version_id, json.dumps(assessment.responses), language)
        if with_way_up
        else None,
    )


def result_of_answers(definition: Definition, answers: Mapping[str, Any], completed_at: datetime) -> Result:
    """The result of answers that nobody sent: for previews and samples."""
    scored = score(definition, answers) if definition.has_score else None
    return computed_result(
        definition,
        answers,
        completed_at=completed_at,
        total=scored.total if scored else None,
        scores=scored.areas if scored else {},
        category=scored.category if scored else "",
        way_up=way_up(definition, answers),
    )


def computed_result(
    definition: Definition,
    answers: Mapping[str, Any],
    *,
    completed_at: datetime,
    total: int | None,
    scores: Mapping[str, int],
    category: str,
    way_up: WayUp | None,
) -> Result:
    """All parts of a result, from the definition, the answers and their score. No query."""
    scored = [section for section in definition.areas if section.key in scores]
    names = {section.key: section.name for section in scored}
    answered = transcript(definition, answers, scores)
    others = unscored_areas(definition, answers, scores)
    steps = steps_of(advice_by_answer(definition, answers), (*answered, *others))
    return Result(
        completed_at=completed_at,
        total=total,
        band=band_of(category, definition),
        areas=tuple(scored_area(section, scores[section.key]) for section in scored),
        advice=tuple(
            advice_of(recommendation, names[recommendation.section], steps)
            for recommendation in recommend(definition, scores)
        ),
        answers=answered,
        unscored=others,
        steps=steps,
        gauge=gauge_of(definition.bands, category),
        way_up=way_up,
        language=definition.language,
        questionnaire=definition.name,
        key=definition.key,
        asks_address=definition.ask_address != "never",
    )


def band_of(category: str, definition: Definition) -> Band:
    """The category, or the last page's words where there is no score."""
    if category:
        return definition.band(category)
    return Band("", definition.result.title or str(THANKS), 0, 0, definition.result.text, ())


@lru_cache(maxsize=1000)
def cached_way_up(version_id: UUID, answers: str, language: str | None) -> WayUp | None:
    """The way up, cached: it takes some milliseconds to compute, and results are opened repeatedly."""
    return way_up(versions.get(version_id).in_language(language), json.loads(answers))


def scored_area(section: Section, points: int) -> Area:
    return Area(section.key, section.name, points, float(section.weight * 100), section.levels.of(points))


def advice_of(recommendation: Recommendation, section_name: str, steps: Sequence[Step]) -> Advice:
    """The advice on an area: what follows from its answers, as far as they leave something to do."""
    own = [step for step in steps if step.area == recommendation.section]
    urgent = [step for step in own if step.is_urgent] or own
    return Advice(
        recommendation.section,
        section_name,
        recommendation.level,
        recommendation.title,
        recommendation.description,
        (*(step.text for step in urgent), *recommendation.action_items),
    )
