"""Views of the landing page: counted in Redis by the request, written to the daily figures by a job.

A count holds the day, the version and what the page was asked with; nothing of a person, and no two views can
be told to be of one browser. The id of a batch is stored in the transaction that counts it, so a job that is
killed anywhere counts no view twice and none too few. Redis itself may lose what no job has taken yet.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Now

from assessments.statistics.figure import OTHER, VIEWED, DailyFigure, Figure
from web.tally.batches import Batch, TallyBatches
from web.tally.counting import Tally

TALLY = "landing-views"
MOST_FIELDS = 2_000  # different views between two jobs; further ones lose their origin
MOST_NAMES = 500  # of each kind of origin and day; further ones are counted as others
STORED = timedelta(days=7)  # the ids of batches
NAMED = (Figure.REFERRER, Figure.SOURCE, Figure.MEDIUM, Figure.CAMPAIGN)
LANGUAGE, DEVICE = "language", "device"

Key = tuple[date, UUID, Figure, str, str]  # day, version, figure, name, part


class ViewBatch(models.Model):
    """A batch of views that is in the daily figures."""

    id = models.UUIDField(primary_key=True)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "view_batches"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.id)


@dataclass(frozen=True, slots=True)
class View:
    """A view of the landing page; '' for an origin that is not known."""

    day: str  # 2026-11-28, in UTC
    version: str
    language: str
    device: str
    referrer: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""

    @property
    def origins(self) -> tuple[str, str, str, str]:
        """In the order of NAMED."""
        return self.referrer, self.source, self.medium, self.campaign

    def without_names(self) -> "View":
        names = [OTHER if name else "" for name in self.origins]
        return replace(self, **dict(zip(("referrer", "source", "medium", "campaign"), names, strict=True)))

    def as_text(self) -> str:
        return json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "View":
        return cls(*json.loads(text))


@lru_cache(maxsize=1)
def tally() -> Tally:
    """The process-wide instance."""
    return Tally(settings.RATE_LIMIT_REDIS_URL, TALLY)


def add_view(view: View) -> None:
    """One call of Redis; without Redis nothing is counted."""
    tally().count(view.as_text(), otherwise=view.without_names().as_text(), most=MOST_FIELDS)


def write_counted_views() -> int:
    """Write what was counted since the last time; returns the number of views. Raises RedisError."""
    batches = TallyBatches(settings.RATE_LIMIT_REDIS_URL, TALLY)
    batch = batches.take()
    if batch is None:
        return 0
    written = write_batch(batch)
    batches.drop(batch)
    return written


@transaction.atomic
def write_batch(batch: Batch) -> int:
    """Write a batch that is not in the figures yet; returns the number of views."""
    ViewBatch.objects.filter(written_at__lt=Now() - STORED).delete()
    _, is_new = ViewBatch.objects.get_or_create(pk=batch.id)  # waits for a job that writes the same batch
    if not is_new:
        return 0
    cells = with_few_names(view_cells(batch))
    DailyFigure.objects.bulk_create(
        DailyFigure(day=day, version_id=version, figure=figure, name=name, part=part, assessments=count)
        for (day, version, figure, name, part), count in cells.items()
    )
    return sum(batch.counts.values())


def view_cells(batch: Batch) -> Counter[Key]:
    """The counts of a batch by cell of the daily figures."""
    cells: Counter[Key] = Counter()
    for text, count in batch.counts.items():
        view = View.from_text(text)
        day, version = date.fromisoformat(view.day), UUID(view.version)
        cells[day, version, Figure.VIEW, "", ""] += count
        cells[day, version, Figure.VIEW, view.language, LANGUAGE] += count
        cells[day, version, Figure.VIEW, view.device, DEVICE] += count
        for figure, name in zip(NAMED, view.origins, strict=True):
            if name:
                cells[day, version, figure, name, VIEWED] += count
    return cells


def with_few_names(cells: Counter[Key]) -> Counter[Key]:
    """The cells with at most MOST_NAMES names of a kind of origin and day, those in the figures included."""
    known = names_in_figures({day for day, *_ in cells})
    found: Counter[Key] = Counter()
    for (day, version, figure, name, part), count in cells.items():
        if part == VIEWED:
            names = known.setdefault((day, figure), set())
            if name not in names and len(names) >= MOST_NAMES:
                name = OTHER
            names.add(name)
        found[day, version, figure, name, part] += count
    return found


def names_in_figures(days: Iterable[date]) -> dict[tuple[date, str], set[str]]:
    """The names under which views are counted, by day and figure. One query."""
    rows = DailyFigure.objects.filter(day__in=list(days), figure__in=NAMED, part=VIEWED)
    found: dict[tuple[date, str], set[str]] = {}
    for day, figure, name in rows.values_list("day", "figure", "name").distinct():
        found.setdefault((day, figure), set()).add(name)
    return found
