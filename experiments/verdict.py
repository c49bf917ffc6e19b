"""The result of an A/B test in words, marked for whoever shows them to translate. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from experiments.evaluation import ALPHA, SMALLEST, Difference, Evaluation, State
from web import gettext_noop as _


class Points(float):
    """A difference in points of per cent: `+4.1`. Whoever translates the sentence sets the decimal mark."""

    def __str__(self) -> str:
        return f"{self:+.1f}"


Values = Mapping[str, str | int | Points]


@dataclass(frozen=True, slots=True)
class Sentence:
    """English words with names for what differs, and its values."""

    words: str
    values: Values = field(default_factory=dict)

    def __str__(self) -> str:
        return self.words % self.values


HOW = Sentence(
    _(
        "Finished means: saw the wording, then finished the questionnaire. The intervals hold at every look "
        "(%(sure)s %%), so you may look daily and stop as soon as one is clear of zero."
    ),
    {"sure": f"{100 * (1 - ALPHA):.0f}"},
)
NOT_SEEN = Sentence(_("Not every variant has been seen yet."))
MISMATCH = Sentence(
    _(
        "The split is not what the weights say, and that is no chance: some views are missing. "
        "Do not believe the rates before the cause is found."
    )
)
TOO_SLOW = Sentence(_("Not enough data, and more than a year to go at this pace: stop, or try bolder words."))
TOO_EARLY = Sentence(_("It was stopped before there was enough data."))


def verdict(found: Evaluation, *, has_ended: bool = False) -> Sentence:
    """What the result is: a sentence for whoever has to decide, or to learn from a test that has ended."""
    if found.state == State.NOBODY:
        return NOT_SEEN
    if found.state == State.MISMATCH:
        return MISMATCH
    best = max(found.differences, key=lambda each: each.difference)
    values = {"best": best.arm.key, "first": found.arms[0].key, **in_points(best).values}
    if found.state == State.BETTER:
        return Sentence(
            _("%(best)s is better than %(first)s: %(difference)s points (%(low)s to %(high)s)."), values
        )
    if found.state == State.WORSE:
        return Sentence(
            _("%(first)s is better than every other: %(difference)s points (%(low)s to %(high)s)."), values
        )
    if found.state == State.EQUAL:
        return Sentence(
            _("No variant differs from %(first)s by %(smallest)s points or more."),
            {"first": found.arms[0].key, "smallest": f"{SMALLEST * 100:.0f}"},
        )
    if has_ended:
        return TOO_EARLY
    return in_days([each.days_left for each in found.differences if each.state == State.WAIT])


def in_points(found: Difference) -> Sentence:
    """`+4.1 points (+1.0 to +7.2)`."""
    shares = {"difference": found.difference, "low": found.low, "high": found.high}
    values = {name: Points(100 * share) for name, share in shares.items()}
    return Sentence(_("%(difference)s points (%(low)s to %(high)s)"), values)


def in_days(waiting: list[int | None]) -> Sentence:
    known = [days for days in waiting if days is not None]
    if len(known) < len(waiting):
        return TOO_SLOW
    days = max(1, *known)
    if days == 1:
        return Sentence(_("Not enough data, about 1 day more."))
    return Sentence(_("Not enough data, about %(days)d days more."), {"days": days})
