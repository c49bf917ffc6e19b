"""The sales brief: four sentences about a lead, derived from its answers by fixed rules. Pure.

Praise comes before the weak spot, there is one weak spot and not four, and it asks rather than pitches.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.results.transcript import AnsweredArea, Line
from leads.briefing.words import ENGLISH, BriefWords

STRONG = 60  # percent of the attainable points at which an answer deserves praise


@dataclass(frozen=True, slots=True)
class Briefing:
    """The four sentences, in order of use; '' where there is nothing to say."""

    opener: str
    weak_area: str
    weak_answer: str
    question: str


def briefing(areas: Sequence[AnsweredArea], words: BriefWords = ENGLISH) -> Briefing:
    """Derive the briefing from a transcript, which is in the language of `words`."""
    worst = costliest_answer(areas)
    return Briefing(
        opener=opening_sentence(strongest_answer(areas), words),
        weak_area=area_sentence(weakest_area(areas), areas, words) if worst else "",
        weak_answer=answer_sentence(worst, words) if worst else "",
        question=first_question(worst, words),
    )


def weakest_area(areas: Sequence[AnsweredArea]) -> AnsweredArea | None:
    """Return the area with the lowest score; ties go to the heavier area, then the earlier one."""
    return min(areas, key=lambda area: (area.score, -area.weight_percent), default=None)


def costliest_answer(areas: Sequence[AnsweredArea]) -> Line | None:
    """Return the answer that lost the most points of the total; the earliest wins ties, None if none did."""
    lines = [line for area in areas for line in area.lines if line.cost]
    return max(lines, key=lambda line: line.cost, default=None)


def strongest_answer(areas: Sequence[AnsweredArea]) -> Line | None:
    """Return the best praiseworthy answer of the best area with one: most points first, then earliest."""
    for area in sorted(areas, key=lambda area: (-area.score, -area.weight_percent)):
        praised = [line for line in area.lines if line.attainable and line.percent >= STRONG]
        if praised:
            return max(praised, key=lambda line: line.percent)
    return None


def strongest_lines(areas: Sequence[AnsweredArea], most: int = 3) -> list[Line]:
    """Return the answers that deserve praise, best first."""
    lines = [line for area in areas for line in area.lines if line.attainable and line.percent >= STRONG]
    return sorted(lines, key=lambda line: -line.percent)[:most]


def weakest_lines(areas: Sequence[AnsweredArea], most: int = 3) -> list[Line]:
    """Return the answers that cost most points of the total, costliest first."""
    lines = [line for area in areas for line in area.lines if line.cost]
    return sorted(lines, key=lambda line: -line.cost)[:most]


def opening_sentence(praised: Line | None, words: BriefWords) -> str:
    if praised is None:
        return words.thanks
    return words.strength.format(question=praised.question.text, answer=praised.answer)


def area_sentence(area: AnsweredArea | None, areas: Sequence[AnsweredArea], words: BriefWords) -> str:
    if area is None:
        return ""
    is_tied = sum(each.score == area.score for each in areas) > 1
    template = words.tied_area if is_tied else words.lowest_area
    return template.format(area=area.name, score=area.score)


def answer_sentence(worst: Line, words: BriefWords) -> str:
    cost = max(1, round(worst.cost))
    return words.costliest.format(cost=cost, question=worst.question.text, answer=worst.answer)


def first_question(worst: Line | None, words: BriefWords) -> str:
    if worst is None or worst.best is None:
        return words.open_question
    return words.question.format(best=worst.best.label.rstrip("."))
