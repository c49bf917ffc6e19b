"""The leads of a view in batches of keys, so that a million are read in constant memory.

A cursor on the server would need a transaction, which stays open for minutes and which a pooler may refuse.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from exports.models import Export, ExportBatch
from exports.storing import report
from leads.models import Lead

BATCH = 2000
TOTAL = "SELECT coalesce(sum(cardinality(leads)), 0) FROM export_batches WHERE export_id = %s"
NOBODY = "SELECT id FROM assessments WHERE false"
PLAN = (Path(__file__).parent / "sql/plan.sql").read_text()


def plan(export: Export, leads: QuerySet[Lead]) -> int:
    """Store the keys of these leads in their order, in place of an earlier attempt's; return their number.

    Raises LeaseLost, so that who lost the lease meanwhile leaves the keys of their successor alone.
    """
    try:
        ordered, parameters = leads.values("pk").query.sql_with_params()
    except EmptyResultSet:  # a filter that matches nobody, as Django knows without asking
        ordered, parameters = NOBODY, ()
    with transaction.atomic(), connection.cursor() as cursor:
        ExportBatch.objects.filter(export=export).delete()
        cursor.execute(
            PLAN.replace("{ordered}", ordered), [export.pk, export.expires_at, BATCH, *parameters, BATCH]
        )
        cursor.execute(TOTAL, [export.pk])
        total = int(cursor.fetchone()[0])
        report(export, 0, rows_total=total)
    report(export, 0)  # the lease runs from now on, not from the begin of a long transaction
    return total


def batches(export: Export) -> Iterator[list[UUID]]:
    """Yield the planned keys, one batch in memory at a time."""
    planned = ExportBatch.objects.filter(export=export)
    for number in planned.order_by("number").values_list("number", flat=True):
        yield planned.get(number=number).leads
