"""Find rows past their retention, for each table of the data map.

State-driven, not scheduled: a row is due by the database's clock, whenever the job runs. How rows are cleared
is in privacy/clearing/batches.py.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from constance import config
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from privacy.datamap.columns import AFTER_RETENTION
from privacy.datamap.sql_rules import NOTHING, needs_clearing
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import BY_QUESTION, Retention, Table

BATCH = 1000  # rows per transaction: short locks, and no old snapshot that holds back vacuum
NO_CHANGE: Mapping[str, int] = {}
SESSIONS = "assessment_sessions"  # their answers are saved before the row is deleted: expired_sessions.py


def model_of_table(table: str) -> type[models.Model]:
    """Return the model of a table; raises LookupError when no model has it."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table and not model._meta.proxy:
            return model
    raise LookupError(f"The data map lists {table}, which no model has.")


def tables_with_retention() -> Iterator[tuple[str, Table, Retention]]:
    """Yield the tables that have a retention."""
    for name, table in TABLES.items():
        if table.retention:
            yield name, table, table.retention


def retention_of(name: str) -> Retention:
    """Return the retention of a table; raises LookupError when it has none."""
    if found := TABLES[name].retention:
        return found
    raise LookupError(f"The rows of {name} stay.")


def retention_days(retention: Retention, proposed: Mapping[str, int] = NO_CHANGE) -> int:
    """Return the retention in days, from `proposed` or else from the runtime settings."""
    settings = [retention.setting] if retention.setting else []
    settings += [AFTER_RETENTION] if retention.longer_with else []
    return min((int(proposed.get(name, getattr(config, name))) for name in settings), default=0)


def rows_past_retention(
    name: str, retention: Retention, now: datetime, proposed: Mapping[str, int] = NO_CHANGE
) -> QuerySet[Any]:
    """Return the rows of a table past their retention; `proposed` overrides settings."""
    term = timedelta(days=retention_days(retention, proposed))
    over = Q(**{f"{retention.clock}__lt": now - term})
    if retention.longer_with:
        over |= Q(**{f"{retention.clock}__lt": now, f"{retention.longer_with}__isnull": True})
    return model_of_table(name)._default_manager.filter(over)


def due_rows(
    name: str,
    table: Table,
    retention: Retention,
    now: datetime,
    *,
    proposed: Mapping[str, int] = NO_CHANGE,
    thorough: bool = False,
) -> QuerySet[Any]:
    """Return the rows of a table that are past their retention and still have a value to clear."""
    rows = rows_past_retention(name, retention, now, proposed)
    return rows if retention.delete_row else rows.filter(row_needs_clearing(table, thorough=thorough))


def row_needs_clearing(table: Table, *, thorough: bool = False) -> Q:
    """Match rows in which any scrubbed column has a value, e.g. a phone number without an e-mail address.

    Thorough: also rows with an unlisted key in a JSON column, which no index covers.
    """
    columns = [name for name in table.columns if name in table.scrubbed]
    columns += [name for name, rule in table.thinned.items() if thorough or rule in BY_QUESTION]
    return reduce(or_, (needs_clearing(name, table.columns[name]) for name in columns), NOTHING)
