"""The sales brief: four sentences on a lead, derived from its answers by plain rules. Pure.

Praise before the weak spot, one weak spot instead of four, and a question instead of a pitch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.results.transcript import AnsweredArea, Line

STRONG = 60  # percent of the attainable points from which an answer is worth praise


@dataclass(frozen=True, slots=True)
class Briefing:
    """Four sentences in the order in which they are used; '' where there is nothing to say."""

    opener: str
    weak_area: str
    weak_answer: str
    question: str


def briefing(areas: Sequence[AnsweredArea]) -> Briefing:
    """The briefing for a transcript."""
    worst = costliest_answer(areas)
    return Briefing(
        opener=opening_sentence(strongest_answer(areas)),
        weak_area=area_sentence(weakest_area(areas), areas) if worst else "",
        weak_answer=answer_sentence(worst) if worst else "",
        question=first_question(worst),
    )


def weakest_area(areas: Sequence[AnsweredArea]) -> AnsweredArea | None:
    """The lowest score; of equal ones the heavier area, then the earlier one."""
    return min(areas, key=lambda area: (area.score, -area.weight_percent), default=None)


def costliest_answer(areas: Sequence[AnsweredArea]) -> Line | None:
    """The answer that cost most points of the total, the earliest of equals; None when nothing was lost."""
    lines = [line for area in areas for line in area.lines if line.cost]
    return max(lines, key=lambda line: line.cost, default=None)


def strongest_answer(areas: Sequence[AnsweredArea]) -> Line | None:
    """The best answer of the best area that has one worth praise: more points first, then earlier."""
    for area in sorted(areas, key=lambda area: (-area.score, -area.weight_percent)):
        praised = [line for line in area.lines if line.attainable and line.percent >= STRONG]
        if praised:
            return max(praised, key=lambda line: line.percent)
    return None


def opening_sentence(praised: Line | None) -> str:
    if praised is None:
        return "Thank you for your frank answers. They show exactly where a first step pays off."
    return f"Asked “{praised.question.text}” you said: “{praised.answer}” That is a strength to build on."


def area_sentence(area: AnsweredArea | None, areas: Sequence[AnsweredArea]) -> str:
    if area is None:
        return ""
    if sum(each.score == area.score for each in areas) > 1:
        return f"None of your areas scores lower than {area.name}: {area.score} of 100."
    return f"{area.name} is the lowest of your scores: {area.score} of 100."


def answer_sentence(worst: Line) -> str:
    return (
        f"One answer costs you more than any other, {max(1, round(worst.cost))} of 100 points: "
        f"“{worst.question.text}” You said: “{worst.answer}”"
    )


def first_question(worst: Line | None) -> str:
    if worst is None or worst.best is None:
        return "What should AI do for you next that it does not do yet?"
    return f"What would have to change at your company before you could say: “{worst.best.label}”"
