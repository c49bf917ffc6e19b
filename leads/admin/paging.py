"""Paging through very many leads: counted up to a bound, estimated beyond it, calls without a sort of all,
and a mark from which the others go on.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leads.clock import Clock
from leads.tabs import Tab, calls_in_order, counted_calls

OLDER = "(assessments.qualified_for_briefing, assessments.completed_at, assessments.id) < (%s, %s, %s)"

COUNTED = 2_000  # rows, 80 pages; counting more takes longer than the page


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


class CallPaginator(EstimatedPaginator):
    """Pages of calls, in the order of this clock."""

    clock: Clock

    @cached_property
    def counted(self) -> int:
        return counted_calls(self.object_list, COUNTED + 1)

    def page(self, number: Any) -> Any:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        return Page(calls_in_order(self.object_list, self.clock, first, last), number, self)


def mark_of(lead: Any) -> str:
    """The place of a lead in the order of all leads, for `OlderFilter`."""
    moment = lead.completed_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"{lead.qualified_for_briefing:d}_{moment}_{lead.pk.hex}"


def read_mark(text: str) -> tuple[bool, datetime, UUID]:
    """Raises ValueError."""
    qualified, moment, key = text.split("_")
    if qualified not in ("0", "1"):
        raise ValueError(text)
    return qualified == "1", datetime.fromisoformat(moment), UUID(key)


class OlderFilter(SimpleListFilter):
    """All leads that come after the mark of one, in the order of all leads; a link leads there."""

    title, parameter_name = _("continued after"), "after"
    template = "admin/leads/lead/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]

    @property
    def chosen(self) -> list[str]:
        try:
            return [f"{read_mark(self.value() or '')[1]:%Y-%m-%d %H:%M}"]
        except ValueError:
            return []

    def choices(self, changelist: Any) -> Iterator[Any]:
        return iter(())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not (text := self.value()):
            return queryset
        try:
            mark = read_mark(text)
        except ValueError:
            return queryset.none()
        return queryset.filter(RawSQL(OLDER, mark, output_field=BooleanField()))  # noqa: S611  # our own statement


def continues_after(tab: Tab, request: HttpRequest, changelist: Any) -> str:
    """The mark of the last lead that the pages reach, on the last of them.

    '' where they reach all leads, or in another order.
    """
    pages = changelist.paginator
    if tab != Tab.ALL or request.GET.get("o") or pages.estimated is None:
        return ""
    return mark_of([*changelist.result_list][-1]) if changelist.page_num == pages.num_pages else ""
