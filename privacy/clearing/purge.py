"""Delete whole assessments older than a number of days that an admin chooses, with all dependent rows.

Their statistics remain: daily_figures is never purged.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from assessments.models import Assessment, AssessmentSession, Response
from audit.models import SystemLog
from hubspot_sync.models import SyncQueueItem
from privacy.clearing.batch_size import BatchSize
from privacy.clearing.foreign_keys import ForeignKey, parents_first, references_to
from privacy.clearing.transactions import NO_LIMIT, limit_transaction, sqlstate, was_cut_off
from queues.progress import Progress, no_progress


@dataclass(frozen=True, slots=True)
class Purged:
    """The number of deleted rows, by kind."""

    assessments: int
    sessions: int
    responses: int
    queue_items: int


TABLES = {
    "assessments": "assessments",
    "sessions": "assessment_sessions",
    "responses": "responses",
    "queue_items": "hubspot_sync_queue",
}
FIRST, LEAST, MOST = 50, 25, 2000  # rows per transaction; below 25 a busy server would make no progress
AIM = 0.1  # seconds a transaction should hold its row locks
LIMIT = "200ms"  # statement_timeout: below 250 ms, so that no request waits longer for a lock
LOCK_LIMIT = "5s"
STATEMENT = """
WITH locked AS (SELECT unnest(%s::uuid[]) AS id), assessment AS ({assessments}), {steps}
SELECT (SELECT max(created_at) FROM assessment), {counts}
"""
# One indexed look-up for each foreign key: a condition with OR would scan the table.
DELETE = "DELETE FROM {table} WHERE ctid = ANY(ARRAY({rows})) RETURNING {columns}"
UNLINK = "UPDATE {table} SET {column} = NULL WHERE ctid = ANY(ARRAY({rows})) RETURNING 1"
ROWS = "SELECT ctid FROM {table} WHERE {column} IN (SELECT {key} FROM {parent})"
COUNT = "(SELECT count(*) FROM deleted_{table})"


def old_assessments(older_than_days: int, *, include_undelivered: bool) -> QuerySet[Assessment]:
    """Return assessments started before the cut-off, without those still being delivered unless requested."""
    old = Assessment.objects.filter(created_at__lt=Now() - timedelta(days=older_than_days))
    return old if include_undelivered else old.exclude(on_its_way())


def on_its_way() -> Exists:
    return Exists(SyncQueueItem.objects.undelivered().filter(assessment=OuterRef("pk")))


def count_old(older_than_days: int, *, include_undelivered: bool) -> Purged:
    """Count what a purge would delete now."""
    old = old_assessments(older_than_days, include_undelivered=include_undelivered)
    return Purged(
        assessments=old.count(),
        sessions=AssessmentSession.objects.filter(assessment__in=old).count(),
        responses=Response.objects.filter(assessment__in=old).count(),
        queue_items=SyncQueueItem.objects.filter(assessment__in=old).count(),
    )


def purge(
    older_than_days: int,
    *,
    include_undelivered: bool = False,
    asked_by: str = "command",
    progress: Progress[int] = no_progress,
) -> Purged:
    """Delete old assessments, oldest first, in transactions short enough that no lock lasts 250 ms.

    One system log record states who requested the purge, its start, the running counts (updated in the
    transaction of each batch), and its end or the reason of failure. The record of a killed purge stays
    "started"; the next purge continues its work. Concurrent purges skip each other's locked rows.
    """
    what = f"Purge of assessments older than {older_than_days} days"
    record = SystemLog.objects.record(
        "purge", f"{what}: started", asked_by=asked_by, **counts_by_name(Counter())
    )
    own = SystemLog.objects.filter(pk=record.pk)
    counts: Counter[str] = Counter()

    def note(deleted: Counter[str]) -> None:
        own.update(data={"asked_by": asked_by, **counts_by_name(counts + deleted)})

    try:
        for deleted in delete_batches(older_than_days, note, include_undelivered=include_undelivered):
            counts.update(deleted)
            progress(deleted["assessments"])
    except DatabaseError as error:
        own.update(message=f"{what}: failed ({type(error).__name__}, SQLSTATE {sqlstate(error)})")
        raise
    own.update(message=f"{what}: finished")
    return Purged(**{name: counts[table] for name, table in TABLES.items()})


def delete_batches(
    older_than_days: int, note: Callable[[Counter[str]], None], *, include_undelivered: bool
) -> Iterator[Counter[str]]:
    """Delete batch by batch, yielding counts by table. `note` is called inside each transaction."""
    old = old_assessments(older_than_days, include_undelivered=include_undelivered).order_by("created_at")
    left = old
    size = BatchSize(FIRST, least=LEAST, most=MOST, target=AIM)
    while True:
        begun = time.monotonic()
        limit = NO_LIMIT if size.at_least else LIMIT
        try:
            with transaction.atomic():
                locked = left.select_for_update(skip_locked=True).values_list("id", flat=True)
                batch = list(locked[: size.size])
                if not batch:
                    return
                deleted, last = delete_batch(batch, include_undelivered=include_undelivered, limit=limit)
                note(deleted)
        except OperationalError as error:
            if size.at_least or not was_cut_off(error):
                raise
            size.cut_off()
            continue
        size.took(time.monotonic() - begun)
        yield deleted
        if last:  # keyset cursor: skips index entries of rows already deleted
            left = old.filter(created_at__gte=last)


def delete_batch(
    locked: list[UUID], *, include_undelivered: bool, limit: str = NO_LIMIT
) -> tuple[Counter[str], datetime | None]:
    """Delete these assessments and apply the ON DELETE rule of every foreign key to them.

    Returns the rows by table, and the start of the newest of these assessments. The rows are locked, so none
    can be enqueued meanwhile; one that was enqueued before the lock is left out. Raw SQL, because
    `QuerySet.delete` reads every row first and takes three times as long.
    """
    if not locked:
        return Counter(), None
    statement, parameters, tables = delete_statement(include_undelivered=include_undelivered)
    limit_transaction(statement=limit, lock=LOCK_LIMIT)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked per statement: faster than at commit
        cursor.execute(statement, [locked, *parameters])
        last, *counts = cursor.fetchone()
    return Counter(dict(zip(tables, counts, strict=True))), last


@cache
def delete_statement(*, include_undelivered: bool) -> tuple[str, tuple[Any, ...], tuple[str, ...]]:
    """Build the cached statement that deletes assessments by id.

    Returns the SQL, its parameters after the ids, and the tables whose rows it counts. Foreign keys are read
    from the catalogue and checked at the end of the statement, so the order of the steps does not matter.
    """
    assessments = Assessment.objects.filter(pk__in=RawSQL("SELECT id FROM locked", ()))
    if not include_undelivered:
        assessments = assessments.exclude(on_its_way())
    query, parameters = assessments.values("id", "session_id", "created_at").query.sql_with_params()
    keys = references_to("assessments")
    deleted = tuple(parents_first(key for key in keys if not key.sets_null))
    parts = [root_step(), *(delete_step(table, keys) for table in deleted)]
    parts += [unlink_step(key, keys) for key in keys if key.sets_null]
    tables = ("assessments", *deleted)
    counts = ", ".join(COUNT.format(table=table) for table in tables)
    statement = STATEMENT.format(assessments=query, steps=", ".join(parts), counts=counts)
    return statement, parameters, tables


def root_step() -> str:
    rows = "SELECT ctid FROM assessments WHERE id IN (SELECT id FROM assessment)"
    return f"deleted_assessments AS ({DELETE.format(table='assessments', rows=rows, columns='1')})"


def delete_step(table: str, keys: tuple[ForeignKey, ...]) -> str:
    """Return SQL that deletes the rows of a table that refer, by any key, to a deleted row."""
    rows = rows_to_delete(table, keys)
    wanted = {key.key for key in keys if key.parent == table}
    columns = ", ".join(sorted(wanted)) or "1"
    return f"deleted_{table} AS ({DELETE.format(table=table, rows=rows, columns=columns)})"


def unlink_step(key: ForeignKey, keys: tuple[ForeignKey, ...]) -> str:
    """Return SQL that sets a foreign key to NULL in rows that outlive their parent."""
    rows = rows_of_key(key)
    if going := rows_to_delete(key.table, keys):
        rows = f"{rows} EXCEPT ({going})"
    step = UNLINK.format(table=key.table, column=key.column, rows=rows)
    return f"unlinked_{key.table}_{key.column} AS ({step})"


def rows_to_delete(table: str, keys: tuple[ForeignKey, ...]) -> str:
    return " UNION ".join(rows_of_key(key) for key in keys if key.table == table and not key.sets_null)


def rows_of_key(key: ForeignKey) -> str:
    parent = "assessment" if key.parent == "assessments" else f"deleted_{key.parent}"
    return ROWS.format(table=key.table, column=key.column, key=key.key, parent=parent)


def counts_by_name(counts: Counter[str]) -> dict[str, int]:
    return {f"deleted_{name}": counts[table] for name, table in TABLES.items()}
