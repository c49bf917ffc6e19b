"""Play one case: a lead comes in, something breaks, who says so and when; it is mended: is all well?"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
from django.db import DatabaseError, connection

from assessments.models import Assessment
from monitoring.findings import Finding, Level
from operations.doctor import watch
from tests.chaos.visitors import visit
from tests.chaos.world import World
from tests.game_day import alerts

STEP = 0.5
T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """`broken` breaks on entry and mends on exit; of what `look` finds, `finding` turns amber or red."""

    name: str
    broken: Callable[[World], AbstractContextManager[None]]
    look: Callable[[], list[Finding]]
    finding: str
    alert: str
    mended_by: str
    ages: tuple[str, ...] = ()  # metrics that grow while it is broken
    patience: float = 60  # seconds until somebody must have noticed
    meanwhile: bool = True  # whether the form takes a lead while it is broken
    well: Callable[[], list[Finding]] | None = None  # what is looked at afterwards, where it is not the same


@dataclass(frozen=True)
class Outcome:
    """What was seen; seconds, and minutes until the alert fires (None: never)."""

    case: Case
    noticed: float | None
    said: str
    alert: int | None
    form: str
    recovered: float | None
    lost: int

    @property
    def good(self) -> bool:
        well = self.noticed is not None and self.recovered is not None and self.alert is not None
        return well and not self.lost and (self.form == "took a lead" or not self.case.meanwhile)

    def row(self) -> str:
        words = (
            self.case.name,
            self.said,
            "never" if self.noticed is None else f"{self.noticed:.1f} s",
            f"`{self.case.alert}`",
            "never" if self.alert is None else f"{self.alert} min",
            self.form,
            self.case.mended_by,
            "not" if self.recovered is None else f"{self.recovered:.1f} s",
            f"{self.lost} leads" if self.lost else "nothing",
        )
        return f"| {' | '.join(words)} |"


def play(case: Case, world: World, url: str) -> Outcome:
    """Break, wait until somebody says so, mend, wait until all is well, and count what is gone."""
    leads = [committed(url)]
    before = alerts.scrape(url) or {}
    with case.broken(world):
        noticed, bad = seconds_until(lambda: not_green(case), case.patience)
        during = alerts.scrape(url)
        told = attempt(url)
        leads += [told["key"]] if "key" in told else []
    begun = time.monotonic()
    recovered, _ = seconds_until(lambda: is_well(case, url), 120)
    found = None if recovered is None else time.monotonic() - begun
    return Outcome(
        case,
        noticed,
        f"{bad.area}, {bad.name}: {bad.level.value}" if bad else "nobody",
        alerts.minutes_until(case.alert, before, during, case.ages),
        "took a lead" if "key" in told else f"answered {told.get('status', 'nothing')}",
        found,
        len(leads) - Assessment.objects.filter(pk__in=leads).count(),
    )


def committed(url: str) -> str:
    told = attempt(url)
    assert "key" in told, "the product did not take a lead before anything was broken"
    return str(told["key"])


def attempt(url: str) -> dict[str, Any]:
    return visit(url, f"lead{time.monotonic_ns()}@chaos.example")


def seconds_until(found: Callable[[], T | None], patience: float) -> tuple[float | None, T | None]:
    begun = time.monotonic()
    while time.monotonic() - begun < patience:
        if result := found():
            return time.monotonic() - begun, result
        time.sleep(STEP)
    return None, None


def look(case: Case, well: bool = False) -> list[Finding]:
    connection.close()  # it may be to a server that is gone
    return (case.well or case.look)() if well else case.look()


def not_green(case: Case) -> Finding | None:
    """The finding that tells, and what the examination of every five minutes would store for the alert."""
    found = look(case)
    try:
        watch.store_levels(found)
    except Exception:  # it is Redis or PostgreSQL that is broken
        connection.close()
    return next((each for each in found if each.name == case.finding and each.level is not Level.GREEN), None)


def is_well(case: Case, url: str) -> bool:
    """The form takes a lead, and what told of the failure is green, or not there."""
    try:
        bad = [each for each in look(case, well=True) if each.name == case.finding]
        healthy = requests.get(f"{url}api/health", timeout=5).ok
    except (DatabaseError, requests.RequestException):
        return False
    return healthy and all(each.level is Level.GREEN for each in bad) and "key" in attempt(url)
