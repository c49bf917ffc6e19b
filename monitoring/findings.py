"""The result of a health check: green, amber or red, with its threshold, the reason and the fix. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from web import gettext_noop


class Level(StrEnum):
    GREEN = gettext_noop("green")
    AMBER = gettext_noop("amber")
    RED = gettext_noop("red")


ORDER = (Level.GREEN, Level.AMBER, Level.RED)


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing. `value` is what was measured, `threshold` says when it turns amber and red.

    `reason` and `fix` are sentences. None of them holds a secret or personal data.
    """

    area: str
    name: str
    level: Level
    value: str
    threshold: str = ""
    reason: str = ""
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"level": self.level.value}


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """`AppConfig.health_checks`: the dotted path of a function () -> Iterator[Finding].

    An `external` one asks other servers: the home page shows what the last scheduled examination found.
    `of_page`: the same for that page, if it can be had for less there.
    """

    area: str
    function: str
    external: bool = False
    of_page: str = ""


@dataclass(frozen=True, slots=True)
class Threshold:
    """When a number turns amber and red: above the limits, or below them if amber is the larger one."""

    amber: float
    red: float
    unit: str = ""

    def level(self, value: float) -> Level:
        sign = -1 if self.amber > self.red else 1
        if sign * value > sign * self.red:
            return Level.RED
        return Level.AMBER if sign * value > sign * self.amber else Level.GREEN

    def __str__(self) -> str:
        word = "below" if self.amber > self.red else "above"
        unit = f" {self.unit}" if self.unit else ""
        return f"amber {word} {self.amber:,g}{unit}, red {word} {self.red:,g}{unit}"


def worst(findings: list[Finding]) -> Level:
    """The worst level; green of none."""
    return max((finding.level for finding in findings), key=ORDER.index, default=Level.GREEN)


def measured(
    area: str, name: str, value: float, threshold: Threshold, *, reason: str, fix: str, words: str = ""
) -> Finding:
    """Judge a number by its threshold; `reason` and `fix` are told unless it is green."""
    level = threshold.level(value)
    unit = f" {threshold.unit}" if threshold.unit else ""
    shown = words or f"{value:,.4g}{unit}"
    if level is Level.GREEN:
        reason = fix = ""
    return Finding(area, name, level, shown, str(threshold), reason, fix)


def stated(
    area: str, name: str, level: Level, value: str, *, threshold: str = "", reason: str = "", fix: str = ""
) -> Finding:
    """A finding that no number decides."""
    return Finding(area, name, level, value, threshold, reason, fix)
