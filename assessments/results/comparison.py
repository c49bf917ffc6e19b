"""Percentile rank of a score among all finished assessments of a questionnaire, in any version.

Computed from daily_figures, which survive scrub and purge, and cached in Redis for some minutes. An area is
compared once it has ten assessments (k-anonymity).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.models import DailyFigure
from assessments.statistics.figure import K_ANONYMITY
from web.shared_counters import counters

CACHE_SECONDS = 300
STEP = 5  # percent


@dataclass(frozen=True, slots=True)
class Rank:
    """`better_than`: percent of all finished assessments, rounded down to a multiple of 5."""

    place: Literal["top", "middle", "level", "low"]
    better_than: int

    @property
    def words(self) -> str:
        """The rank in one or two sentences, correct for ties as well."""
        share = _("Better than %(percent)s%% of all who finished.") % {"percent": self.better_than}
        if self.place == "top":
            best = _("Nobody has scored higher so far.")
            return f"{best} {share}" if self.better_than else best
        if self.place == "middle":
            return share
        if self.place == "level":
            return _("Level with many others who finished.")
        return _("Most others scored higher so far: there is a lot to gain.")

    @property
    def in_short(self) -> str:
        """The rank of one area, in short, beside its score."""
        if self.better_than:
            return _("better than %(percent)s%% of all") % {"percent": self.better_than}
        if self.place == "top":
            return _("nobody scored higher so far")
        return _("level with many others") if self.place == "level" else _("most others scored higher")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rank of the total, and of each area by key; None or absent with fewer than ten others."""

    total: Rank | None = None
    areas: Mapping[str, Rank] = field(default_factory=dict)


NO_COMPARISON = Comparison()


def compare(version_id: UUID, total: int | None, areas: Mapping[str, int]) -> Comparison:
    """Rank a total and area scores (key -> 0-100) among all assessments of the questionnaire, if it has any.

    No query while the figures are cached.
    """
    if total is None:
        return NO_COMPARISON
    others = score_counts(version_id)
    found = {key: rank_among(others.get(key, {}), score) for key, score in areas.items()}
    return Comparison(
        rank_among(others.get("", {}), total), {key: rank for key, rank in found.items() if rank}
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who finished: how many, and the total (0-100) that half of them reached."""

    people: int
    median: int


def crowd(version_id: UUID) -> Crowd | None:
    """The figures of all assessments of the questionnaire, in any version. No query while cached."""
    return crowd_of(score_counts(version_id).get("", {}))


def crowd_of(scores: Mapping[int, int]) -> Crowd | None:
    """The figures of `scores` (score -> assessments); None with fewer than ten assessments."""
    people = sum(scores.values())
    if people < K_ANONYMITY:
        return None
    reached = 0
    for score in sorted(scores, reverse=True):
        reached += scores[score]
        if 2 * reached >= people:
            return Crowd(people, score)
    return None


def rank_among(scores: Mapping[int, int], total: int) -> Rank | None:
    """The rank of a score among `scores` (score -> assessments); None with fewer than ten."""
    everybody = sum(scores.values())
    if everybody < K_ANONYMITY:
        return None
    below = sum(assessments for score, assessments in scores.items() if score < total)
    above = sum(assessments for score, assessments in scores.items() if score > total)
    better_than = min(100 * below // everybody // STEP * STEP, 100 - STEP)  # the figures may be older
    if not above and below:
        return Rank("top", better_than)
    if better_than:
        return Rank("middle", better_than)
    return Rank("low" if 2 * above > everybody else "level", 0)


def score_counts(version_id: UUID) -> dict[str, dict[int, int]]:
    """Assessments per score, for the total ('') and each area; cached for some minutes."""

    def counted() -> str:
        return json.dumps(DailyFigure.objects.scores(version_id))

    kept = json.loads(counters().cached(f"compared:{version_id}", counted, seconds=CACHE_SECONDS))
    return {
        area: {int(score): assessments for score, assessments in found.items()}
        for area, found in kept.items()
    }
