"""The purge: whole assessments past an age that an admin names, with everything that hangs on them.

What they were counted for stays: it is in daily_figures, which no purge touches.
"""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import SET_NULL, Exists, ForeignKey, OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from assessments.models import Assessment, AssessmentSession, Response
from audit.models import SystemLog
from hubspot_sync.models import SyncQueueItem
from privacy.clearing.batch_size import BatchSize
from privacy.clearing.batches import sqlstate
from privacy.clearing.due import Progress, unseen


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
DELETE = "DELETE FROM {table} WHERE {column} IN (SELECT {key} FROM run) RETURNING 1"
FORGET = "UPDATE {table} SET {column} = NULL WHERE {column} IN (SELECT {key} FROM run) RETURNING 1"
STATEMENT = """
WITH locked AS (SELECT unnest(%s::uuid[]) AS id), run AS ({run}), {parts}
SELECT (SELECT max(created_at) FROM run), {counts}
"""
CUT_OFF = "57014"  # a statement that took longer than it may
COUNT = "(SELECT count(*) FROM of_{table})"


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


def purge(older_than_days: int, *, include_undelivered: bool = False, progress: Progress = unseen) -> Purged:
    """Delete what is old, the oldest first, in transactions so short that nobody waits 250 ms for one.

    Each writes down what is deleted so far, so the record is true wherever a run is cut off. The next run
    goes on from there, and two at once skip each other's rows.
    """
    message = f"Assessments older than {older_than_days} days were purged"
    record = SystemLog.objects.record("purge", message, **counts_by_name(Counter()))
    old = old_assessments(older_than_days, include_undelivered=include_undelivered).order_by("created_at")
    left = old
    counts: Counter[str] = Counter()
    pace = BatchSize()
    while True:
        begun = time.monotonic()
        limit = NO_LIMIT if pace.at_least else LIMIT
        try:
            with transaction.atomic():
                locked = left.select_for_update(skip_locked=True).values_list("id", flat=True)
                batch = list(locked[: pace.size])
                deleted, last = delete_batch(batch, include_undelivered=include_undelivered, limit=limit)
                SystemLog.objects.filter(pk=record.pk).update(data=counts_by_name(counts + deleted))
        except OperationalError as error:
            if sqlstate(error) != CUT_OFF:
                raise
            pace.cut_off()
            continue
        counts.update(deleted)
        if not batch:
            return Purged(**{name: counts[table] for name, table in TABLES.items()})
        pace.took(time.monotonic() - begun)
        progress(deleted["assessments"])
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
    end, so the order does not matter.
    """
    runs = Assessment.objects.filter(pk__in=RawSQL("SELECT id FROM locked", ()))
    if not include_undelivered:
        runs = runs.exclude(on_its_way())
    run, parameters = runs.values("id", "session_id", "created_at").query.sql_with_params()
    steps = {"assessments": DELETE.format(table="assessments", column="id", key="id")}
    for relation in Assessment._meta.related_objects:
        field = cast("ForeignKey[Any, Any]", relation.field)
        table = relation.related_model._meta.db_table
        action = FORGET if relation.on_delete is SET_NULL else DELETE
        steps[table] = action.format(table=table, column=field.column, key=field.target_field.column)
    parts = ", ".join(f"of_{table} AS ({step})" for table, step in steps.items())
    counts = ", ".join(COUNT.format(table=table) for table in steps)
    return STATEMENT.format(run=run, parts=parts, counts=counts), parameters, tuple(steps)


def counts_by_name(counts: Counter[str]) -> dict[str, int]:
    return {f"deleted_{name}": counts[table] for name, table in TABLES.items()}
