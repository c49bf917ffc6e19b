"""Who came to which page in a period, and who gave up there."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from assessments.statistics.leavers import VersionCounts
from leads.figures.rates import percent
from scorecard import versions

FINISHED = Q(completed_at__isnull=False)
ENDED = FINISHED | Q(last_step__isnull=False)  # finished, or given up after a page that is known
LANDING = "landing"
LEFT_BEHIND = ("finished", "address", "name", "company", "phone", "qualified")  # of the finished ones

Ended = Mapping[UUID, VersionCounts]


def ended_by_version(rows: Iterable[Mapping[str, Any]]) -> Ended:
    """The ended assessments by version: finished, and given up by the last page that was saved."""
    found: dict[UUID, VersionCounts] = {}
    for row in rows:
        counts = found.setdefault(UUID(row["version_id"]), VersionCounts(0, Counter(), Counter()))
        counts.finished += row["finished"]
        if given_up := row["ended"] - row["finished"]:
            counts.left[row["last_step"]] += given_up
    return found


def funnel(ended: Ended, numbers: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stages from the landing page to the qualified lead; [] while nothing was viewed or has ended.

    `left`: how many gave up at this page; None of a stage that nobody gives up at. The landing page is no
    stage where its views are not known, and its rate is not that of a start.
    """
    started = sum(counts.reached(1) for counts in ended.values())
    stages: list[tuple[str, int, int | None]] = [
        *landing_stage(numbers["viewed"], numbers["started"]),
        ("started", started, None),
        *page_stages(ended),
        *((key, numbers[key], None) for key in LEFT_BEHIND),
    ]
    rows = [
        {
            "stage": stage,
            "reached": reached,
            "reached_rate": None if stage == LANDING else percent(reached, started),
            "left": left,
            "left_rate": None if left is None else percent(left, reached),
        }
        for stage, reached, left in stages
    ]
    return rows if started or numbers["viewed"] else []


def landing_stage(viewed: int | None, started: int) -> Iterator[tuple[str, int, int | None]]:
    """Yield (stage, views, views without a start), or nothing where views are not known."""
    if viewed is not None:
        yield LANDING, viewed, viewed - started if viewed >= started else None


def page_stages(ended: Ended) -> Iterator[tuple[str, int, int]]:
    """Yield (stage, reached, left): each page by its number, then the end, with all pages saved."""
    totals = {version: versions.get(version).definition.total_steps for version in ended}
    for page in range(1, max(totals.values(), default=0) + 1):
        own = [counts for version, counts in ended.items() if totals[version] >= page]
        left = sum(counts.left[page - 1] for counts in own)
        yield f"page {page}", sum(counts.reached(page) for counts in own), left
    left = sum(counts.left[totals[version]] for version, counts in ended.items())
    yield "end", left + sum(counts.finished for counts in ended.values()), left
