"""Finding and clearing what is past its retention, table by table of the data map.

Driven by state, not by the calendar: whatever is due is cleared, by the database's clock, in batches with
a transaction each. A run that is cut off goes on at the next; two runs at once skip each other's rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from constance import config
from django.apps import apps
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from privacy.datamap import TABLES, Retention, Rule, Table

BATCH = 1000  # rows to a transaction: short locks, and no old snapshot that keeps vacuum waiting

Progress = Callable[[int], None]


def unseen(rows: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """How many rows of a table lost their personal values, or were deleted."""

    table: str
    rows: int


def model_of(table: str) -> type[models.Model]:
    """The model of a table; raises LookupError when the map names a table that no model has."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return model
    raise LookupError(f"The data map lists {table}, which no model has.")


def retained() -> Iterator[tuple[str, Table, Retention]]:
    """The tables on which time does something."""
    for name, table in TABLES.items():
        if table.retention:
            yield name, table, table.retention


def due(name: str, table: Table, retention: Retention) -> QuerySet[Any]:
    """The rows of a table that are past their retention and still hold something to clear."""
    days = getattr(config, retention.setting) if retention.setting else 0
    rows = model_of(name)._default_manager.filter(**{f"{retention.clock}__lt": Now() - timedelta(days=days)})
    return rows if retention.delete_row else rows.filter(still_holds(table))


def still_holds(table: Table) -> Q:
    """True for a row in which any scrubbed column has a value: a phone without an e-mail counts."""
    found = Q()
    for column, rule in table.scrubbed.items():
        found |= ~Q(**{column: ""}) if rule == Rule.BLANK else Q(**{f"{column}__isnull": False})
    return found


def cleared_values(table: Table, retention: Retention) -> dict[str, Any]:
    values: dict[str, Any] = {
        column: "" if rule == Rule.BLANK else None for column, rule in table.scrubbed.items()
    }
    if retention.mark:
        values[retention.mark] = Now()
    return values


def clear(name: str, table: Table, retention: Retention, progress: Progress = unseen) -> Cleared:
    """Clear every due row of one table, batch by batch."""
    total = 0
    while rows := clear_batch(name, table, retention):
        total += rows
        progress(rows)
    return Cleared(name, total)


def clear_batch(name: str, table: Table, retention: Retention) -> int:
    model = model_of(name)
    with transaction.atomic():
        found = due(name, table, retention).select_for_update(skip_locked=True).order_by(retention.clock)
        batch = model._default_manager.filter(pk__in=list(found.values_list("pk", flat=True)[:BATCH]))
        if retention.delete_row:
            return batch.delete()[0]
        return batch.update(**cleared_values(table, retention))
