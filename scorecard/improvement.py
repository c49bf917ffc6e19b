"""The minimal set of better answers that reaches the next score band.

Dynamic programming: a section's score depends only on its points, so one way per (number of changes, gain in
points) suffices; sections are then combined, keeping the best total for each such pair.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scorecard.definition import Band, Definition, Option, Question, Section
from scorecard.scoring import half_up, points, score

HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Change:
    """A better answer to one question; `before` is None if it was not answered."""

    question: Question
    before: Option | None
    after: Option

    @property
    def gain(self) -> int:
        """The additional points."""
        return (self.after.points or 0) - ((self.before.points or 0) if self.before else 0)


@dataclass(frozen=True, slots=True)
class WayUp:
    band: Band
    changes: tuple[Change, ...]


Effort = tuple[int, int]  # number of changes, points gained
Changes = tuple[Change, ...]


def way_up(definition: Definition, answers: Mapping[str, str]) -> WayUp | None:
    """The smallest changes of `answers` (question key -> option id) that reach the next better band.

    Minimises the number of changes, then the points gained. None in the best band, or if even the best
    answers do not reach a better one.
    """
    total = score(definition, answers).total
    better = [band for band in definition.bands if band.min_score > total]
    if not better:
        return None
    band = min(better, key=lambda band: band.min_score)
    scored = points(definition, answers)
    sections = [section for section in definition.sections if section.key in scored]
    enough = (band.min_score - HALF) * sum(section.weight for section in sections)
    ways: dict[Effort, tuple[Decimal, Changes]] = {(0, 0): (Decimal(0), ())}
    for section in sections:
        ways = combined(ways, ways_through(section, answers, earned=scored[section.key].earned))
    reaching = {effort: changes for effort, (reached, changes) in ways.items() if reached >= enough}
    return WayUp(band, reaching[min(reaching)]) if reaching else None


def ways_through(
    section: Section, answers: Mapping[str, str], *, earned: int
) -> dict[Effort, tuple[Decimal, Changes]]:
    """Map each effort within a section to the resulting weighted score and one set of changes."""
    found: dict[Effort, Changes] = {(0, 0): ()}
    for question in section.questions:
        for (count, gain), way in list(found.items()):
            for change in improvements(question, answers.get(question.key)):
                found.setdefault((count + 1, gain + change.gain), (*way, change))
    attainable = sum(question.attainable for question in section.questions)
    return {
        (count, gain): (section.weight * half_up(Fraction(100 * (earned + gain), attainable)), way)
        for (count, gain), way in found.items()
    }


def improvements(question: Question, answer: str | None) -> list[Change]:
    before = question.option(answer) if answer is not None else None
    return [change for option in question.options if (change := Change(question, before, option)).gain > 0]


def combined(
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
