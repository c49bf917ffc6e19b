"""A finished assessment as pages, API and admin show it, computed from its frozen version."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.results.radar import Radar, radar
from assessments.results.transcript import AnsweredArea, transcript, unscored_areas
from scorecard import versions
from scorecard.definition import Band, Definition, Recommendation, Section
from scorecard.improvement import WayUp, way_up
from scorecard.recommendations import AnswerAdvice, advice_by_answer, recommend

THANKS = _("Thank you for your answers")
LEVELS = {"high": _("High priority"), "medium": _("Medium priority"), "low": _("Low priority")}


@dataclass(frozen=True, slots=True)
class Area:
    """The score of one section, 0-100, and its weight in percent."""

    key: str
    name: str
    score: int
    weight_percent: float
    level: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One recommendation with the name of its section."""

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
    by_answer: tuple[AnswerAdvice, ...] = ()  # advice that follows from single answers
    language: str = ""  # language of the questionnaire's texts; "" if unknown

    @property
    def has_score(self) -> bool:
        return self.total is not None

    @property
    def scores(self) -> dict[str, int]:
        """Scores 0-100 by area key."""
        return {area.key: area.score for area in self.areas}

    @property
    def radar(self) -> Radar | None:
        """The areas as a chart; None with fewer than three."""
        return radar([(area.name, area.score) for area in self.areas])


def result_of(assessment: Assessment, language: str | None = None) -> Result:
    """The result of a finished assessment, by its pinned version; ValueError for an unfinished one.

    Its texts are in `language` (de), or else in the questionnaire's own.
    """
    if assessment.completed_at is None:
        raise ValueError("An unfinished assessment has no result.")
    definition = versions.get(assessment.version_id).in_language(language)
    scores: dict[str, int] = assessment.score_breakdown or {}
    scored = [section for section in definition.areas if section.key in scores]
    names = {section.key: section.name for section in scored}
    return Result(
        completed_at=assessment.completed_at,
        total=assessment.total_score,
        band=band_of(assessment, definition),
        areas=tuple(scored_area(section, scores[section.key]) for section in scored),
        advice=tuple(
            advice_of(recommendation, names[recommendation.section])
            for recommendation in recommend(definition, scores)
        ),
        answers=transcript(definition, assessment.responses, scores),
        unscored=unscored_areas(definition, assessment.responses, scores),
        by_answer=advice_by_answer(definition, assessment.responses),
        way_up=cached_way_up(assessment.version_id, json.dumps(assessment.responses), language),
        language=definition.language,
    )


def band_of(assessment: Assessment, definition: Definition) -> Band:
    """The category, or the last page's words where there is no score."""
    if assessment.score_category:
        return definition.band(assessment.score_category)
    return Band("", definition.result.title or str(THANKS), 0, 0, definition.result.text, ())


@lru_cache(maxsize=1000)
def cached_way_up(version_id: UUID, answers: str, language: str | None) -> WayUp | None:
    """The way up, cached: it takes some milliseconds to compute, and results are opened repeatedly."""
    return way_up(versions.get(version_id).in_language(language), json.loads(answers))


def scored_area(section: Section, points: int) -> Area:
    return Area(section.key, section.name, points, float(section.weight * 100), section.levels.of(points))


def advice_of(recommendation: Recommendation, section_name: str) -> Advice:
    return Advice(
        section_name,
        recommendation.level,
        recommendation.title,
        recommendation.description,
        recommendation.action_items,
    )
