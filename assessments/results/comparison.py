"""How a score compares with those of everybody who finished the same questionnaire, in any of its versions.

Read from daily_figures, which survive scrub and purge, and kept for some minutes: nobody's view costs a count
of everything. By area the same is said in a few words, once ten runs were counted in that area.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _

from assessments.models import DailyFigure
from assessments.statistics.figure import ENOUGH
from web.shared_counters import counters

KEPT_SECONDS = 300
STEP = 5  # percent


@dataclass(frozen=True, slots=True)
class Standing:
    """`better_than`: percent of all who finished, rounded down to 5, so that it never says too much."""

    place: Literal["top", "middle", "level", "low"]
    better_than: int

    @property
    def words(self) -> str:
        """One sentence or two, true with equal scores as well."""
        share = _("Better than %(percent)s%% of all who finished.") % {"percent": self.better_than}
        if self.place == "top":
            best = _("Nobody has scored higher so far.")
            return f"{best} {share}" if self.better_than else best
        if self.place == "middle":
            return share
        if self.place == "level":
            return _("Level with many others who finished.")
        return _("Most others scored higher so far: there is much to gain.")

    @property
    def in_short(self) -> str:
        """The same of one area, beside its score."""
        if self.better_than:
            return _("better than %(percent)s%% of all") % {"percent": self.better_than}
        if self.place == "top":
            return _("nobody scored higher so far")
        return _("level with many others") if self.place == "level" else _("most others scored higher")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A result among all others: in whole, and by the key of each area that ten others have."""

    total: Standing | None = None
    areas: Mapping[str, Standing] = field(default_factory=dict)


NOBODY = Comparison()  # there are not enough others yet


def compared(version_id: UUID, total: int, areas: Mapping[str, int]) -> Comparison:
    """Where a total and the scores of areas (key -> 0-100) stand among all of the questionnaire.

    No query while the figures are kept in Redis.
    """
    others = scores(version_id)
    found = {key: rank(others.get(key, {}), score) for key, score in areas.items()}
    return Comparison(
        rank(others.get("", {}), total), {key: standing for key, standing in found.items() if standing}
    )


def rank(scores: Mapping[int, int], total: int) -> Standing | None:
    """Where a score stands among `scores` (score -> runs, itself among them or not); None with under ten."""
    everybody = sum(scores.values())
    if everybody < ENOUGH:
        return None
    below = sum(runs for score, runs in scores.items() if score < total)
    above = sum(runs for score, runs in scores.items() if score > total)
    better_than = 100 * below // everybody // STEP * STEP
    if not above and below:
        return Standing("top", better_than)
    if better_than:
        return Standing("middle", better_than)
    return Standing("low" if 2 * above > everybody else "level", 0)


def scores(version_id: UUID) -> dict[str, dict[int, int]]:
    """How many runs had each score, in whole ('') and by area: as it was some minutes ago at most."""

    def counted() -> str:
        return json.dumps(DailyFigure.objects.scores(version_id))

    kept = json.loads(counters().kept(f"compared:{version_id}", counted, seconds=KEPT_SECONDS))
    return {area: {int(score): runs for score, runs in found.items()} for area, found in kept.items()}
