"""What to say first: one recommendation for each area, chosen by its score, the most urgent on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scorecard.conditions import holds
from scorecard.definition import Definition, Option, Question, Recommendation
from scorecard.question_types import type_of
from scorecard.visibility import visible


@dataclass(frozen=True, slots=True)
class AnswerAdvice:
    """What follows from one chosen option."""

    question: Question
    option: Option


def recommend(definition: Definition, areas: Mapping[str, int]) -> tuple[Recommendation, ...]:
    """The recommendations for `areas` (area key -> 0-100).

    The lowest score comes first, so high priority precedes medium and low; of equal scores the heavier
    area precedes, then the earlier one.
    """
    scored = [area for area in definition.areas if area.key in areas]
    scored.sort(key=lambda area: (areas[area.key], -area.weight))
    return tuple(
        recommendation
        for area in scored
        for recommendation in area.recommendations
        if recommendation.level == area.levels.of(areas[area.key])
    )


def advice_by_answer(definition: Definition, answers: Mapping[str, Any]) -> tuple[AnswerAdvice, ...]:
    """The advice of the chosen options, in form order, without what `skip_if` leaves out."""
    now = visible(definition, answers)
    counted = now.answers(answers)
    found = []
    for key in now.shown:
        question = definition.questions[key]
        for id in type_of(question).chosen(question, counted[key]) if key in counted else ():
            option = question.option(id)
            if option and option.advice and not (option.skip_if and holds(option.skip_if, counted)):
                found.append(AnswerAdvice(question, option))
    return tuple(found)
