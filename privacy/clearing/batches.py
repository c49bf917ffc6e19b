"""Clear one table in short transactions, ordered by the clock of its retention.

A transaction that exceeds its statement or lock timeout is rolled back, and the next batch is smaller. An
interrupted run resumes at the next one; an advisory lock gives each batch of a table to one run at a time.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.sql import UpdateQuery

from privacy.clearing import due
from privacy.clearing.batch_size import BatchSize
from privacy.clearing.due import due_rows, model_of_table
from privacy.clearing.transactions import limit_transaction, was_cut_off
from privacy.datamap.sql_rules import UNCONFIRMED_PERSON, cleared_columns, cleared_values, needs_clearing
from privacy.datamap.vocabulary import Retention, Table
from privacy.models import ScrubCertificate
from queues.progress import Progress, no_progress

LEAST, MOST = 100, 10_000  # rows per transaction
AIM = 0.2  # seconds a transaction should hold its row locks
STATEMENT_LIMIT, LOCK_LIMIT = "5s", "1s"
# Join by ctid, which needs no index. A row updated just before it was locked has a new ctid and stays due for
# the next run.
EMPTY = """
WITH batch AS MATERIALIZED ({batch}),
emptied AS ({update} FROM batch WHERE {table}.ctid = batch.lies_at RETURNING batch.*),
last AS (SELECT moment, row_key FROM batch ORDER BY moment DESC, row_key DESC LIMIT 1)
SELECT (SELECT moment FROM last), (SELECT row_key FROM last), count(*){counts} FROM emptied
"""

logger = logging.getLogger(__name__)

Place = tuple[datetime, Any]  # keyset cursor: clock and primary key of the last cleared row


class AlreadyRunning(Exception):
    """Another run is clearing this table."""


@dataclass(frozen=True, slots=True)
class ClearedBatch:
    """The result of one transaction; `place` is None when nothing was left to clear."""

    counts: Counter[str] = field(default_factory=Counter)
    place: Place | None = None
    unconfirmed: int = 0  # leads scrubbed before HubSpot confirmed them


@dataclass
class Clearing:
    """The clearing of one table, batch by batch. `end` is the deadline, by time.monotonic()."""

    name: str
    table: Table
    retention: Retention
    now: datetime
    thorough: bool = False
    certificate: ScrubCertificate | None = None
    end: float | None = None
    at_end: bool = field(default=False, init=False)
    longest: float = field(default=0.0, init=False)  # longest time a batch held its row locks, in seconds
    found: QuerySet[Any] = field(init=False)  # the due rows
    columns: dict[str, Q] = field(init=False)  # columns to clear, each with its "has a value" condition

    def __post_init__(self) -> None:
        self.found = due_rows(self.name, self.table, self.retention, self.now, thorough=self.thorough)
        changed = {} if self.retention.delete_row else cleared_columns(self.table)
        self.columns = {name: needs_clearing(name, column) for name, column in changed.items()}

    def run(self, progress: Progress[int] = no_progress) -> int:
        """Clear batch by batch; return the number of rows. Stops at the deadline, or if another run is on."""
        rows = 0
        for counts in self.batches():
            rows += counts["rows"]
            progress(counts["rows"])
        return rows

    def batches(self) -> Iterator[Counter[str]]:
        """Yield the counts of each batch, adapting its size; a timeout retries with a quarter of it."""
        size, after = BatchSize(due.BATCH, least=LEAST, most=MOST, target=AIM), None
        while not self.at_end and not self.out_of_time:
            try:
                counts, place, seconds = self.clear(size.size, after)
            except AlreadyRunning:
                return
            except OperationalError as error:
                if size.at_least or not was_cut_off(error):
                    raise
                size.cut_off()
                continue
            if place is None:
                self.at_end = True
                return
            self.longest = max(self.longest, seconds)
            yield counts
            size.took(seconds)
            after = place

    @property
    def done(self) -> bool:
        """True when no due row is left, including rows that were locked by others and skipped."""
        return self.at_end and not self.found.exists()

    @property
    def out_of_time(self) -> bool:
        return self.end is not None and time.monotonic() >= self.end

    def clear(self, size: int, after: Place | None) -> tuple[Counter[str], Place | None, float]:
        """Clear one batch after the cursor `after`, in one transaction.

        Returns the counts, the next cursor (None: nothing was left) and an upper bound in seconds of how long
        rows were locked.
        """
        with transaction.atomic():
            limit_transaction(statement=STATEMENT_LIMIT, lock=LOCK_LIMIT)
            lock_job(f"scrub {self.name}")
            start = time.monotonic()
            batch = self.delete(size, after) if self.retention.delete_row else self.empty(size, after)
            if batch.place and self.certificate:
                self.certificate.add(self.name, batch.counts, batch.unconfirmed)
        return batch.counts, batch.place, time.monotonic() - start

    def beyond(self, after: Place | None) -> QuerySet[Any, dict[str, Any]]:
        """Return the due rows after the cursor that are not locked, oldest first."""
        place = Tuple(F(self.retention.clock), F("pk"))
        return self.free.filter(TupleGreaterThan(place, after)) if after else self.free

    @cached_property
    def free(self) -> QuerySet[Any, dict[str, Any]]:
        """Return unlocked due rows as `row_key`, `moment`, `lies_at` and one flag per column with a value."""
        clock = F(self.retention.clock)
        rows = self.found.select_for_update(
            skip_locked=True, of=("self",), no_key=not self.retention.delete_row
        )
        lies_at = RawSQL(f"{quoted_name(self.name)}.ctid", ())  # noqa: S611  # a name of the map
        return rows.order_by(clock, "pk").values(row_key=F("pk"), moment=clock, lies_at=lies_at, **self.flags)

    @cached_property
    def flags(self) -> dict[str, Combinable]:
        """Return what a batch counts: columns that have a value, and leads HubSpot has not confirmed."""
        counted = {f"had_{name}": holding for name, holding in self.columns.items()}
        if self.retention.mark_undelivered:
            counted["unconfirmed"] = UNCONFIRMED_PERSON
        return {name: ExpressionWrapper(true, BooleanField()) for name, true in counted.items()}

    def delete(self, size: int, after: Place | None) -> ClearedBatch:
        """Delete a batch of rows, with Django's cascade."""
        rows = list(self.beyond(after)[:size])
        if not rows:
            return ClearedBatch()
        self.rows.filter(pk__in=[row["row_key"] for row in rows]).delete()
        return ClearedBatch(Counter(rows=len(rows)), (rows[-1]["moment"], rows[-1]["row_key"]))

    def empty(self, size: int, after: Place | None) -> ClearedBatch:
        """Clear the columns of a batch of rows, and count their values, in one statement."""
        if not self.columns:
            return ClearedBatch()
        batch, parameters = self.beyond(after)[:size].query.sql_with_params()
        update, more = self.update
        counts = "".join(f', count(*) FILTER (WHERE "{name}")' for name in self.flags)
        statement = EMPTY.format(batch=batch, update=update, table=quoted_name(self.name), counts=counts)
        with connection.cursor() as cursor:
            cursor.execute(statement, [*parameters, *more])
            moment, key, rows, *values = cursor.fetchone()
        if moment is None:
            return ClearedBatch()
        found = dict(zip(self.flags, values, strict=True))
        lost = found.pop("unconfirmed", 0)
        held = {name.removeprefix("had_"): count for name, count in found.items()}
        return ClearedBatch(+Counter(rows=rows, **held), (moment, key), lost)

    @cached_property
    def update(self) -> tuple[str, tuple[Any, ...]]:
        """Return the SET part of the UPDATE and its parameters; the enclosing statement selects the rows."""
        # Django has no public way to build an UPDATE without running it. Tried with Django 5.2.
        query: UpdateQuery = self.rows.query.chain(UpdateQuery)  # type: ignore[assignment]  # typed as what it is called on
        query.add_update_values(cleared_values(self.table, self.retention))
        sql, parameters = query.get_compiler(self.rows.db).as_sql()
        return sql, tuple(parameters)

    @property
    def rows(self) -> QuerySet[Any]:
        return model_of_table(self.name)._default_manager.all()


def lock_job(name: str) -> None:
    """Take the advisory lock of a job for this transaction; raises AlreadyRunning when another run has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [name])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning


def quoted_name(name: str) -> str:
    return connection.ops.quote_name(name)
