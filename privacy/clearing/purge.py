"""The purge: whole assessments past an age that an admin names, with everything that hangs on them.

What they were counted for stays: it is in daily_figures, which no purge touches.
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
from privacy.clearing.batches import sqlstate
from privacy.clearing.due import Progress, unseen
from privacy.clearing.foreign_keys import ForeignKey, parents_first, references_to


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted: how many of each."""

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
# A batch that reads a whole table is as slow as all of them, and keys are checked faster than at the commit.
BEGIN = """
SET LOCAL enable_seqscan = off;
SET CONSTRAINTS ALL IMMEDIATE;
SET LOCAL statement_timeout = '{limit}'
"""
LIMIT, NO_LIMIT = "200ms", "0"  # nobody waits 250 ms, also where the machine stalls
STATEMENT = """
WITH locked AS (SELECT unnest(%s::uuid[]) AS id), assessment AS ({assessments}), {steps}
SELECT (SELECT max(created_at) FROM assessment), {counts}
"""
# Rows are found through indexes, one for each key: OR would read the whole table.
DELETE = "DELETE FROM {table} WHERE ctid = ANY(ARRAY({rows})) RETURNING {columns}"
UNLINK = "UPDATE {table} SET {column} = NULL WHERE ctid = ANY(ARRAY({rows})) RETURNING 1"
ROWS = "SELECT ctid FROM {table} WHERE {column} IN (SELECT {key} FROM {parent})"
COUNT = "(SELECT count(*) FROM deleted_{table})"
CUT_OFF = "57014"  # a statement that took longer than it may


def old_assessments(older_than_days: int, *, include_undelivered: bool) -> QuerySet[Assessment]:
    """Assessments started longer ago; without those still on their way to HubSpot, unless told."""
    old = Assessment.objects.filter(created_at__lt=Now() - timedelta(days=older_than_days))
    return old if include_undelivered else old.exclude(on_its_way())


def on_its_way() -> Exists:
    return Exists(SyncQueueItem.objects.undelivered().filter(assessment=OuterRef("pk")))


def count_old(older_than_days: int, *, include_undelivered: bool) -> Purged:
    """What a purge would delete now."""
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
    progress: Progress = unseen,
) -> Purged:
    """Delete what is old, the oldest first, in transactions so short that nobody waits 250 ms for one.

    Its record in the system log says who asked, that it has started, what is deleted so far (written in the
    transaction of each batch), and in the end that it has finished, or why it failed. A purge that was killed
    stays "started"; the next one continues. Two at once skip each other's rows.
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
    """Delete batch by batch; rows by table of each. `note` hears of them within their transaction."""
    old = old_assessments(older_than_days, include_undelivered=include_undelivered).order_by("created_at")
    left = old
    size = BatchSize()
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
            if sqlstate(error) != CUT_OFF:
                raise
            size.cut_off()
            continue
        size.took(time.monotonic() - begun)
        yield deleted
        if last:  # the index need not be read past all that is already dead
            left = old.filter(created_at__gte=last)


def delete_batch(
    locked: list[UUID], *, include_undelivered: bool, limit: str = NO_LIMIT
) -> tuple[Counter[str], datetime | None]:
    """Delete these assessments and do to whatever refers to them what its foreign key says.

    Rows by table, and when the last of these assessments was started.

    Nobody can queue them any more. One that was queued while it was being locked stays. By hand and not by
    `QuerySet.delete`, which reads every row before it deletes it and takes thrice as long.
    """
    if not locked:
        return Counter(), None
    statement, parameters, tables = delete_statement(include_undelivered=include_undelivered)
    with connection.cursor() as cursor:
        cursor.execute(BEGIN.format(limit=limit))
        cursor.execute(statement, [locked, *parameters])
        last, *counts = cursor.fetchone()
    return Counter(dict(zip(tables, counts, strict=True))), last


@cache
def delete_statement(*, include_undelivered: bool) -> tuple[str, tuple[Any, ...], tuple[str, ...]]:
    """The statement that deletes assessments by their ids, built once and not for each batch.

    With it its parameters after the ids, and the tables whose rows it counts. Foreign keys are checked at its
    end, so the order does not matter; which there are, the catalogue says.
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
    """Delete the rows of a table that refer, by any key, to a row that goes."""
    rows = rows_to_delete(table, keys)
    wanted = {key.key for key in keys if key.parent == table}
    columns = ", ".join(sorted(wanted)) or "1"
    return f"deleted_{table} AS ({DELETE.format(table=table, rows=rows, columns=columns)})"


def unlink_step(key: ForeignKey, keys: tuple[ForeignKey, ...]) -> str:
    """Set a key to NULL in the rows that outlive what they refer to."""
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
