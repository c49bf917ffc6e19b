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
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.sql import UpdateQuery

from privacy import retention as terms
from privacy.datamap import Retention, Table
from privacy.models import ScrubCertificate
from privacy.retention import Progress, due, model_of, unseen
from privacy.rules import UNCONFIRMED_PERSON, changing, cleared_values, holds

LEAST, MOST = 100, 10_000  # rows to a transaction
AIM = 0.2  # seconds for which one keeps its rows locked
LIMITS = ("5s", "1s")  # where the database cuts a transaction off: a statement, a wait for a lock
BEGIN = """
SELECT set_config('statement_timeout', %s, true), set_config('lock_timeout', %s, true),
    pg_try_advisory_xact_lock(hashtext(%s)),
    set_config('enable_seqscan', 'off', true)
"""  # a batch that reads the whole table, as the planner likes of a small one, is as slow as all of them
EMPTY = """
WITH batch AS MATERIALIZED ({batch}), emptied AS ({update})
SELECT count(*), max(moment), (SELECT row_key FROM batch ORDER BY moment DESC, row_key DESC LIMIT 1){counts}
FROM batch
"""
CUT_OFF = {"57014", "55P03"}  # a statement, a wait for a lock

logger = logging.getLogger(__name__)

Place = tuple[datetime, Any]  # clock and key of the last row that was cleared


class SomebodyElse(Exception):
    """Another run is at this table right now."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction cleared; `place` is None when nothing was left to clear."""

    counts: Counter[str] = field(default_factory=Counter)
    place: Place | None = None
    unconfirmed: int = 0  # leads that go before HubSpot has confirmed them


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
    longest: float = field(default=0.0, init=False)  # seconds for which a batch kept its rows locked
    found: QuerySet[Any] = field(init=False)  # what is due
    columns: dict[str, Q] = field(init=False)  # what loses a value, each with whether there is one
    values: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.found = due(self.name, self.table, self.retention, self.now, thorough=self.thorough)
        self.columns, self.values = {}, {}
        if not self.retention.delete_row:
            self.columns = {name: holds(name, column) for name, column in changing(self.table).items()}
            self.values = cleared_values(self.table, self.retention)

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
            try:
                counts, after, seconds = self.clear(size, after)
            except SomebodyElse:
                return
            except OperationalError as error:
                if sqlstate(error) not in CUT_OFF or size == LEAST:
                    raise
                size = max(LEAST, size // 4)
                continue
            self.at_end = counts["rows"] < size
            if counts["rows"]:
                self.longest = max(self.longest, seconds)
                yield counts
            size = next_size(size, seconds)

    @property
    def done(self) -> bool:
        """Nothing is left that was due: also no row that somebody held while we passed."""
        return self.at_end and not self.found.exists()

    @property
    def out_of_time(self) -> bool:
        return self.end is not None and time.monotonic() >= self.end

    def clear(self, size: int, after: Place | None) -> tuple[Counter[str], Place | None, float]:
        """One batch beyond `after`, in one transaction.

        What was cleared, where the next one begins, and for how many seconds rows were locked at most.
        """
        with transaction.atomic():
            begin(f"scrub {self.name}")
            start = time.monotonic()
            batch = self.delete(size, after) if self.retention.delete_row else self.empty(size, after)
            if batch.place and self.certificate:
                self.certificate.add(self.name, batch.counts, batch.unconfirmed)
        return batch.counts, batch.place or after, time.monotonic() - start

    def beyond(self, after: Place | None) -> QuerySet[Any, dict[str, Any]]:
        """Due rows that nobody holds, oldest first: `row_key`, `moment`, which columns hold something."""
        clock, found = F(self.retention.clock), self.found
        if after:
            found = found.filter(TupleGreaterThan(Tuple(clock, F("pk")), after))
        flags = {f"had_{name}": flag(holding) for name, holding in self.columns.items()}
        if self.retention.mark_undelivered:
            flags["unconfirmed"] = flag(UNCONFIRMED_PERSON)
        rows = found.select_for_update(skip_locked=True, no_key=not self.retention.delete_row)
        return rows.order_by(clock, "pk").values(row_key=F("pk"), moment=clock, **flags)

    def delete(self, size: int, after: Place | None) -> Batch:
        """Delete rows, and by Django's cascade what hangs on them."""
        rows = list(self.beyond(after)[:size])
        if not rows:
            return Batch()
        self.rows.filter(pk__in=[row["row_key"] for row in rows]).delete()
        return Batch(Counter(rows=len(rows)), (rows[-1]["moment"], rows[-1]["row_key"]))

    def empty(self, size: int, after: Place | None) -> Batch:
        """Clear the columns of rows, and count what they held, in one statement."""
        if not self.columns:
            return Batch()
        batch, parameters = self.beyond(after)[:size].query.sql_with_params()
        update, more = self.update()
        names = [*(f"had_{name}" for name in self.columns), "unconfirmed"]
        counted = [name for name in names if name != "unconfirmed" or self.retention.mark_undelivered]
        counts = ", ".join(f'count(*) FILTER (WHERE "{name}")' for name in counted)
        with connection.cursor() as cursor:
            cursor.execute(
                EMPTY.format(batch=batch, update=update, counts=f", {counts}" if counts else ""),
                [*parameters, *more],
            )
            rows, moment, key, *values = cursor.fetchone()
        if not rows:
            return Batch()
        found = dict(zip(counted, values, strict=True))
        lost = found.pop("unconfirmed", 0)
        held = {name.removeprefix("had_"): count for name, count in found.items()}
        return Batch(+Counter(rows=rows, **held), (moment, key), lost)

    def update(self) -> tuple[str, tuple[Any, ...]]:
        """The UPDATE of the rows that the statement around it calls `batch`."""
        rows = self.rows.filter(pk__in=RawSQL("SELECT row_key FROM batch", ()))
        query: UpdateQuery = rows.query.chain(UpdateQuery)  # type: ignore[assignment]  # typed as what it is called on
        query.add_update_values(self.values)
        sql, parameters = query.get_compiler(rows.db).as_sql()
        return sql, tuple(parameters)

    @property
    def rows(self) -> QuerySet[Any]:
        return model_of(self.name)._default_manager.all()


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
