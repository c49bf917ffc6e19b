"""The geometry of a radar chart of the areas of a result. Pure: a template draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

RADIUS = 84.0
LABEL_RADIUS = 96.0
LINE = 16.0  # line height of a label
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis from the centre to (x, y), with its label beyond the end.

    `lines` are the lines of the label, each with the y of its baseline; `anchor` is SVG's text-anchor.
    """

    name: str
    score: int
    x: float
    y: float
    label_x: float
    lines: tuple[tuple[str, float], ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """`shape` and `rings` are polygons around (0, 0), as SVG points."""

    spokes: tuple[Spoke, ...]
    shape: str
    rings: tuple[str, ...]


def radar(scores: Sequence[tuple[str, int]]) -> Radar | None:
    """The chart of (name, score 0-100), clockwise from the top; None for fewer than three."""
    if len(scores) < 3:
        return None
    angles = [2 * pi * number / len(scores) - pi / 2 for number in range(len(scores))]
    return Radar(
        spokes=tuple(spoke(name, score, angle) for (name, score), angle in zip(scores, angles, strict=True)),
        shape=polygon_points([score for _, score in scores], angles),
        rings=tuple(polygon_points([ring] * len(scores), angles) for ring in RINGS),
    )


def spoke(name: str, score: int, angle: float) -> Spoke:
    x, y = round(cos(angle), 3), round(sin(angle), 3)
    return Spoke(
        name,
        score,
        x=round(RADIUS * x, 1),
        y=round(RADIUS * y, 1),
        label_x=round(LABEL_RADIUS * x, 1),
        lines=label_lines(name, y),
        anchor="middle" if abs(x) < 0.2 else "start" if x > 0 else "end",
    )


def label_lines(name: str, y: float) -> tuple[tuple[str, float], ...]:
    """Break a label: one line above and below the chart, one word per line beside it."""
    words = name.split() if abs(y) < 0.9 else [name]
    top = LABEL_RADIUS * y + LINE / 4 + y * LINE / 4 - (len(words) - 1) * LINE / 2
    return tuple((word, round(top + number * LINE, 1)) for number, word in enumerate(words))


def polygon_points(percents: Sequence[int], angles: Sequence[float]) -> str:
    return " ".join(
        f"{RADIUS * percent / 100 * cos(angle):.1f},{RADIUS * percent / 100 * sin(angle):.1f}"
        for percent, angle in zip(percents, angles, strict=True)
    )
