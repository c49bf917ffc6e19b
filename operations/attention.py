"""What needs manual attention, over all queues and banners, in one query per admin page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Min, QuerySet, Value
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.module_loading import import_string
from django.utils.translation import ngettext_lazy

from queues.causes import Cause
from queues.declared import Queue, queues
from web.backoffice import Banner, declarations
from web.databases.unchanging import Unchanging

NO_CAUSE = Value("", CharField())
THINGS = ngettext_lazy("%(count)s thing needs a person", "%(count)s things need a person", "number")


@dataclass(frozen=True, slots=True)
class Pile:
    """The rows of one banner, or of one queue and cause, that need attention."""

    name: str
    cause: str
    rows: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class QueueInNeed:
    """A queue that needs attention: [(cause label, row count)], most frequent first."""

    queue: Queue
    causes: list[tuple[Cause, int]]

    @property
    def rows(self) -> int:
        return sum(rows for _, rows in self.causes)


@dataclass(frozen=True, slots=True)
class Attention:
    piles: tuple[Pile, ...]

    def rows(self, name: str) -> int:
        """The number of rows of this queue that need attention."""
        return sum(pile.rows for pile in self.piles if pile.name == name)

    def words_of(self, banner: Banner) -> Any:
        """The banner's template value, computed by its app; None if there is nothing to show."""
        for pile in self.piles:
            if pile.name == banner.name:
                return import_string(banner.words)(pile.rows, pile.oldest)
        return None

    def queues(self, request: HttpRequest) -> Iterator[QueueInNeed]:
        """The queues that need attention and that this user may view."""
        for queue in queues():
            piles = [pile for pile in self.piles if pile.name == queue.name]
            if piles and queue.may_be_viewed(request):
                piles.sort(key=lambda pile: (-pile.rows, pile.cause))
                yield QueueInNeed(queue, [(queue.cause(pile.cause), pile.rows) for pile in piles])


def attention(request: HttpRequest) -> Attention:
    """The current state, cached on the request: one query."""
    found: Attention | None = getattr(request, "_attention", None)
    if found is None:
        found = count_attention()
        request._attention = found  # type: ignore[attr-defined]  # the cache
    return found


def count_attention() -> Attention:
    """Count the rows of all queues and banners. One query."""
    given: dict[str, Any] = {}
    for banner in declarations("banners"):
        given |= import_string(banner.given)() if banner.given else {}
    piles = (Pile(*row) for row in PILES.rows(**given))
    return Attention(tuple(pile for pile in piles if pile.rows))


def all_piles() -> QuerySet[Any, Any]:
    """(name, cause, count, oldest) of each queue and cause, and of each banner."""
    first, *others = (
        *(rows_by_cause(queue.name, queue.need_a_person, F("failure_cause")) for queue in queues()),
        *(rows_by_cause(each.name, import_string(each.rows)(), NO_CAUSE) for each in declarations("banners")),
    )
    found: QuerySet[Any, Any] = first.union(*others, all=True)
    return found


PILES = Unchanging(all_piles)


def rows_by_cause(name: str, rows: QuerySet[Any], cause: Any) -> Any:
    """Aggregate to one row (name, cause, count, oldest) per cause."""
    by_cause = rows.order_by().values(queue=Value(name), why=cause)
    return by_cause.annotate(count=Count("pk"), oldest=Min("created_at")).values_list(
        "queue", "why", "count", "oldest"
    )


def needs_a_person(request: HttpRequest) -> dict[str, Any]:
    """{title, queues} for the dashboard; {} if no queue that this user may view needs attention."""
    found = list(attention(request).queues(request))
    if not found:
        return {}
    total = sum(each.rows for each in found)
    words = found[0].queue.in_need if len(found) == 1 else THINGS
    title = words % {"number": total, "count": number_format(total, force_grouping=True)}
    return {"title": title, "queues": found}
