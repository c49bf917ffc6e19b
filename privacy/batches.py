"""Clearing one table in short transactions of its own, in the order of its clock.

A transaction that takes too long, or waits too long for a lock, is cut off by the database, and the next one
is smaller. A run that is cut off goes on at the next; of two runs at once each skips what the other has.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import Combinable

from assessments.models.assessment import UNCONFIRMED
from privacy import retention as terms
from privacy.datamap import Retention, Table
from privacy.models import ScrubCertificate
from privacy.retention import Progress, due, model_of, unseen
from privacy.rules import changing, cleared_values, holds

LEAST, MOST = 50, 10_000  # rows to a transaction
AIM = 0.2  # seconds of one, so that nobody waits for our locks longer than that
LIMITS = ("5s", "1s")  # where the database cuts a transaction off: a statement, a wait for a lock
BEGIN = """
SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),
    pg_try_advisory_xact_lock(hashtext(%s))
"""
CUT_OFF = {"57014", "55P03"}  # a statement, a wait for a lock

logger = logging.getLogger(__name__)

Place = tuple[datetime, Any]  # clock and key of the last row that was cleared


class SomebodyElse(Exception):
    """Another run is at this table right now."""


@dataclass(slots=True)
class Clearing:
    """One table on its way to hold nothing that is due. `end` is when to stop, by time.monotonic()."""

    name: str
    table: Table
    retention: Retention
    now: datetime
    thorough: bool = False
    certificate: ScrubCertificate | None = None
    end: float | None = None
    at_end: bool = field(default=False, init=False)
    columns: dict[str, Q] = field(init=False)

    def __post_init__(self) -> None:
        kept = not self.retention.delete_row
        self.columns = {name: holds(name, c) for name, c in changing(self.table).items()} if kept else {}

    def run(self, progress: Progress = unseen) -> int:
        """Clear batch by batch; how many rows. Stops early when somebody else is at it, or time is up."""
        rows = 0
        for counts in self.batches():
            rows += counts["rows"]
            progress(counts["rows"])
        return rows

    def batches(self) -> Iterator[Counter[str]]:
        size, after = terms.BATCH, None
        while not self.at_end and not self.out_of_time:
            start = time.monotonic()
            try:
                counts, after = self.clear(size, after)
            except SomebodyElse:
                return
            except OperationalError as error:
                if sqlstate(error) not in CUT_OFF or size == LEAST:
                    raise
                size = max(LEAST, size // 4)
                continue
            self.at_end = counts["rows"] < size
            if counts["rows"]:
                yield counts
            size = next_size(size, time.monotonic() - start)

    @property
    def done(self) -> bool:
        """Nothing is left that was due: also no row that somebody held while we passed."""
        return self.at_end and not self.due().exists()

    @property
    def out_of_time(self) -> bool:
        return self.end is not None and time.monotonic() >= self.end

    def clear(self, size: int, after: Place | None) -> tuple[Counter[str], Place | None]:
        """One batch beyond `after`, in one transaction: what was cleared, and where the next one begins."""
        with transaction.atomic():
            begin(f"scrub {self.name}")
            rows = list(self.beyond(after)[:size])
            if not rows:
                return Counter(rows=0), after
            counts, unconfirmed = self.count(rows)
            self.write([row["pk"] for row in rows])
            if self.certificate:
                self.certificate.add(self.name, counts, unconfirmed)
        return counts, (rows[-1][self.retention.clock], rows[-1]["pk"])

    def due(self) -> QuerySet[Any]:
        return due(self.name, self.table, self.retention, self.now, thorough=self.thorough)

    def beyond(self, after: Place | None) -> QuerySet[Any, dict[str, Any]]:
        """Due rows that nobody holds, oldest first, each with which of its columns hold something."""
        found = self.due()
        if after:
            clock = self.retention.clock
            found = found.filter(**{f"{clock}__gte": after[0]})
            found = found.exclude(**{clock: after[0], "pk__lte": after[1]})
        flags = {f"had_{name}": flag(holding) for name, holding in self.columns.items()}
        if self.retention.mark_undelivered:
            flags["unconfirmed"] = flag(UNCONFIRMED)
        rows = found.select_for_update(skip_locked=True, no_key=not self.retention.delete_row)
        return rows.order_by(self.retention.clock, "pk").values("pk", self.retention.clock, **flags)

    def count(self, rows: list[dict[str, Any]]) -> tuple[Counter[str], int]:
        """Rows, and values of each column; and how many leads go before HubSpot has confirmed them."""
        counts = Counter(rows=len(rows))
        for name in self.columns:
            counts[name] = sum(row[f"had_{name}"] for row in rows)
        lost = sum(row["unconfirmed"] and row["had_email"] for row in rows if "unconfirmed" in row)
        return +counts, lost

    def write(self, keys: list[Any]) -> None:
        batch = model_of(self.name)._default_manager.filter(pk__in=keys)
        if self.retention.delete_row:
            batch.delete()
        else:
            batch.update(**cleared_values(self.table, self.retention))


def begin(lock: str) -> None:
    """Give the transaction its limits and this run its turn; raises SomebodyElse when it is another's."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [*LIMITS, lock])
        if not cursor.fetchone()[2]:
            raise SomebodyElse


def flag(holding: Q) -> Combinable:
    return ExpressionWrapper(holding, BooleanField())


def next_size(size: int, seconds: float) -> int:
    """Rows for the next transaction, to take what we aim at: at most twice, at least half as many."""
    factor = min(2.0, max(0.5, AIM / max(seconds, 0.001)))
    return min(MOST, max(LEAST, int(size * factor)))


def sqlstate(error: OperationalError) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
