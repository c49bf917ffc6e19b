"""The minimal set of better answers that reaches the next score band.

Dynamic programming: an area's score depends only on its points, so one way per (number of changes, gain in
points) suffices; areas are then combined, keeping the best total for each such pair.

Where an answer opens or closes questions, that is not the whole truth. Then a way counts only if the answers
that it leads to reach the band by all the rules, and ways of one or two changes are tried one by one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

from scorecard.definition import Band, Definition, Question, Section
from scorecard.question_types import TYPES, type_of
from scorecard.scoring import half_up, points, question_points, score
from scorecard.visibility import plan_of, visible

HALF = Decimal("0.5")
MOST_TRIED = 1_500  # pairs of changes that are tried one by one


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with its words and points."""

    answer: Any
    label: str
    points: int

    @property
    def id(self) -> Any:
        return self.answer


@dataclass(frozen=True, slots=True)
class Change:
    """A better answer to one question; `before` is None if it was not answered."""

    question: Question
    before: Given | None
    after: Given

    @property
    def gain(self) -> int:
        """The additional points."""
        return self.after.points - (self.before.points if self.before else 0)


@dataclass(frozen=True, slots=True)
class WayUp:
    band: Band
    changes: tuple[Change, ...]


Effort = tuple[int, int]  # number of changes, points gained
Changes = tuple[Change, ...]


def way_up(definition: Definition, answers: Mapping[str, Any]) -> WayUp | None:
    """The smallest changes of `answers` (question key -> answer) that reach the next better band.

    Minimises the number of changes, then the points gained. None in the best band, without a score, or if no
    better answers are found that reach a better band.
    """
    if not definition.has_score:
        return None
    total = score(definition, answers).total
    better = [band for band in definition.bands if band.min_score > total]
    if not better:
        return None
    band = min(better, key=lambda band: band.min_score)
    found = smallest_changes(definition, answers, band)
    if plan_of(definition).waits:
        found = changes_by_all_rules(definition, answers, band, found)
    return WayUp(band, found) if found else None


def smallest_changes(definition: Definition, answers: Mapping[str, Any], band: Band) -> Changes:
    """The smallest changes while the same questions are shown; () if even the best do not suffice."""
    shown = frozenset(visible(definition, answers).shown)
    scored = points(definition, answers, shown=shown)
    areas = [
        (area, [question for question in area.questions if question.key in shown])
        for area in definition.areas
        if area.key in scored
    ]
    enough = (band.min_score - HALF) * sum(area.weight for area, _ in areas)
    ways: dict[Effort, tuple[Decimal, Changes]] = {(0, 0): (Decimal(0), ())}
    for area, questions in areas:
        ways = combine_ways(ways, ways_through(area, questions, answers, earned=scored[area.key].earned))
    reaching = {effort: changes for effort, (reached, changes) in ways.items() if reached >= enough}
    return reaching[min(reaching)] if reaching else ()


def changes_by_all_rules(
    definition: Definition, answers: Mapping[str, Any], band: Band, found: Changes
) -> Changes:
    """The smallest changes that reach the band by all the rules; () if none is found."""
    shown = visible(definition, answers).shown
    single = [change for key in shown for change in replacements(definition.questions[key], answers.get(key))]
    for count in (1, 2):
        sets = list(combinations(single, count))
        reaching = [each for each in sets[:MOST_TRIED] if reaches_band(definition, answers, each, band)]
        if reaching:
            return min(reaching, key=lambda each: sum(change.gain for change in each))
    return found if reaches_band(definition, answers, found, band) else ()


def reaches_band(definition: Definition, answers: Mapping[str, Any], changes: Changes, band: Band) -> bool:
    """Whether the changed answers reach the band. Two changes of one question do not."""
    after = {change.question.key: change.after.answer for change in changes}
    return len(after) == len(changes) > 0 and score(definition, {**answers, **after}).total >= band.min_score


def ways_through(
    area: Section, questions: list[Question], answers: Mapping[str, Any], *, earned: int
) -> dict[Effort, tuple[Decimal, Changes]]:
    """Map each effort within an area to the resulting weighted score and one set of changes."""
    found: dict[Effort, Changes] = {(0, 0): ()}
    for question in questions:
        for (count, gain), way in list(found.items()):
            for change in improvements(question, answers.get(question.key)):
                found.setdefault((count + 1, gain + change.gain), (*way, change))
    whole = sum(question_points(question, answers.get(question.key)).attainable for question in questions)
    return {
        (count, gain): (area.weight * half_up(Fraction(100 * (earned + gain), whole)), way)
        for (count, gain), way in found.items()
    }


def improvements(question: Question, answer: Any) -> list[Change]:
    """Changes that gain points. What was answered "I don't know" has none to lose and none to gain."""
    if not question_points(question, answer).attainable:
        return []
    return [change for change in replacements(question, answer) if change.gain > 0]


def replacements(question: Question, answer: Any) -> Iterator[Change]:
    """Every other answer to suggest."""
    if question.type not in TYPES:
        return
    kind = type_of(question)
    before = None if kind.is_empty(answer) else given_answer(question, answer)
    for other in kind.better(question, answer):
        if other != answer:
            yield Change(question, before, given_answer(question, other))


def given_answer(question: Question, answer: Any) -> Given:
    return Given(
        answer, type_of(question).in_words(question, answer), question_points(question, answer).earned
    )


def combine_ways(
    ways: Mapping[Effort, tuple[Decimal, Changes]], more: Mapping[Effort, tuple[Decimal, Changes]]
) -> dict[Effort, tuple[Decimal, Changes]]:
    """Combine the efforts of two groups of sections; for equal effort, keep the highest score."""
    best: dict[Effort, tuple[Decimal, Changes]] = {}
    for (count, gain), (reached, changes) in ways.items():
        for (further, added), (scored, extra) in more.items():
            effort, total = (count + further, gain + added), reached + scored
            if effort not in best or total > best[effort][0]:
                best[effort] = (total, changes + extra)
    return best
