"""The areas of a result as a radar chart: where its lines lie. Pure geometry, drawn by a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin

RADIUS = 100.0
LABEL_RADIUS = 116.0
RINGS = (25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis, from the middle to (x, y), with its label beyond the end; `anchor` as SVG has it."""

    name: str
    score: int
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Radar:
    """`shape` and `rings` are the points of polygons around (0, 0), as SVG has them."""

    spokes: tuple[Spoke, ...]
    shape: str
    rings: tuple[str, ...]


def radar(scores: Sequence[tuple[str, int]]) -> Radar | None:
    """The chart of (name, score 0-100), the first one upwards and on clockwise; None for fewer than three."""
    if len(scores) < 3:
        return None
    angles = [2 * pi * number / len(scores) - pi / 2 for number in range(len(scores))]
    return Radar(
        spokes=tuple(spoke(name, score, angle) for (name, score), angle in zip(scores, angles, strict=True)),
        shape=polygon([score for _, score in scores], angles),
        rings=tuple(polygon([ring] * len(scores), angles) for ring in RINGS),
    )


def spoke(name: str, score: int, angle: float) -> Spoke:
    x, y = round(cos(angle), 3), round(sin(angle), 3)
    return Spoke(
        name,
        score,
        x=round(RADIUS * x, 1),
        y=round(RADIUS * y, 1),
        label_x=round(LABEL_RADIUS * x, 1),
        label_y=round(LABEL_RADIUS * y + 4, 1),  # half of the letters' height
        anchor="middle" if abs(x) < 0.2 else "start" if x > 0 else "end",
    )


def polygon(percents: Sequence[int], angles: Sequence[float]) -> str:
    return " ".join(
        f"{RADIUS * percent / 100 * cos(angle):.1f},{RADIUS * percent / 100 * sin(angle):.1f}"
        for percent, angle in zip(percents, angles, strict=True)
    )
