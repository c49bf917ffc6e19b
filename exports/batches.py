"""The leads of a view in batches of keys, so that a million are read in constant memory.

A cursor on the server would need a transaction, which stays open for minutes and which a pooler may refuse.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from exports.models import Export, ExportBatch
from leads.models import Lead

BATCH = 2000
TOTAL = "SELECT coalesce(sum(cardinality(leads)), 0) FROM export_batches WHERE export_id = %s"
PLAN = (Path(__file__).parent / "sql/plan.sql").read_text()


def plan(export: Export, leads: QuerySet[Lead]) -> int:
    """Store the keys of these leads in their order, in place of an earlier attempt's; return their number."""
    ordered, parameters = leads.values("pk").query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        ExportBatch.objects.filter(export=export).delete()
        cursor.execute(
            PLAN.replace("{ordered}", ordered), [export.pk, export.expires_at, BATCH, *parameters, BATCH]
        )
        cursor.execute(
            "SELECT coalesce(sum(cardinality(leads)), 0) FROM export_batches WHERE export_id = %s",
            [export.pk],
        )
        total = int(cursor.fetchone()[0])
    Export.objects.filter(pk=export.pk).update(rows_total=total)
    return total


def batches(export: Export) -> Iterator[list[UUID]]:
    """Yield the planned keys, one batch in memory at a time."""
    planned = ExportBatch.objects.filter(export=export)
    for number in planned.order_by("number").values_list("number", flat=True):
        yield planned.get(number=number).leads
