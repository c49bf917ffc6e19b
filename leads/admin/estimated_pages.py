"""Pages of a long list: counted up to a bound, estimated by the planner beyond it."""

import json
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet

COUNTED = 10_000  # rows; a count of all of a million takes longer than the page


class EstimatedPaginator(Paginator):  # type: ignore[type-arg]  # generic for the type checker only
    """Pages reach as far as rows are counted: further back one filters, by a period for example.

    `estimated` is how many there are in all, None if they were counted.
    """

    object_list: Any

    @cached_property
    def counted(self) -> int:
        """How many rows there are, at most one more than are counted."""
        rows = self.object_list.order_by().values("pk")[: COUNTED + 1]
        return int(rows.count())

    @cached_property
    def count(self) -> int:
        return min(self.counted, COUNTED)

    @cached_property
    def estimated(self) -> int | None:
        return planned_rows(self.object_list) if self.counted > COUNTED else None


def planned_rows(rows: QuerySet[Any]) -> int:
    """How many rows PostgreSQL expects; by its statistics, so without reading them."""
    sql, parameters = rows.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", parameters)
        plan = cursor.fetchone()[0]
    found = json.loads(plan) if isinstance(plan, str) else plan
    return int(found[0]["Plan"]["Plan Rows"])
