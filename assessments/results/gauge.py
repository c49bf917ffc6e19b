"""The marks of a score gauge, from the bands of the questionnaire. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecard.definition import Band

GAP = 0.8  # percent of the arc, between two bands


@dataclass(frozen=True, slots=True)
class Mark:
    """One band on the scale."""

    name: str
    min_score: int
    max_score: int
    is_reached: bool  # holds the score


@dataclass(frozen=True, slots=True)
class Gauge:
    """`gaps`: the stroke-dasharray, of an arc of length 100, that draws a gap between two bands."""

    marks: tuple[Mark, ...]
    gaps: str


def gauge_of(bands: Sequence[Band], reached: str = "") -> Gauge:
    """The gauge of these bands; `reached` is the key of the band that holds the score."""
    ordered = sorted(bands, key=lambda band: band.min_score)
    marks = tuple(Mark(band.name, band.min_score, band.max_score, band.key == reached) for band in ordered)
    return Gauge(marks, gaps_at([band.min_score for band in ordered[1:]]))


def gaps_at(bounds: Sequence[int]) -> str:
    """Alternate dashes and spaces so that a dash of GAP lies on each bound (0-100)."""
    parts, done = ["0"], 0.0
    for bound in bounds:
        parts += [f"{bound - GAP / 2 - done:g}", f"{GAP:g}"]
        done = bound + GAP / 2
    return " ".join((*parts, "100"))


NO_GAUGE = Gauge((), "")  # without a score
