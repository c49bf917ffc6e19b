"""The places in the engine where a worker can be made to die, by name. The engine knows nothing of them.

A point stands before or after a function. Only calls that have work to do pass it: an empty claim or an
empty list of rows does not count.
"""

import functools
import itertools
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class FailPoint:
    """`place` is `module:function` or `module:Class.method`; `word`, if given, is one of its arguments."""

    when: Literal["before", "after"]
    place: str
    word: str = ""
    says: str = ""

    def passed(self, arguments: tuple[Any, ...], result: Any) -> bool:
        if self.word and self.word not in arguments:
            return False
        rows = [value for value in (*arguments, result) if isinstance(value, list | tuple | dict)]
        return not rows or any(rows)

    def arm(self, die: Callable[[], None]) -> None:
        """Have everybody who passes this point call `die` first."""
        owner, name = self._owner()
        original: Call = getattr(owner, name)

        @functools.wraps(original)
        def wrapped(*arguments: Any, **keywords: Any) -> Any:
            words = (*arguments, *keywords.values())
            if self.when == "before" and self.passed(words, None):
                die()
            result = original(*arguments, **keywords)
            if self.when == "after" and self.passed(words, result):
                die()
            return result

        setattr(owner, name, wrapped)

    def _owner(self) -> tuple[Any, str]:
        module, _, path = self.place.partition(":")
        owner: Any = import_module(module)
        *classes, name = path.split(".")
        for part in classes:
            owner = getattr(owner, part)
        return owner, name


CLAIM = "hubspot_sync.models:SyncQueueQuerySet.claim"
UPSERT = "hubspot_sync.http.client:HubSpotClient.upsert"
ASSOCIATE = "hubspot_sync.http.client:HubSpotClient.associate"
NOTE = "hubspot_sync.delivery.recording:record_step"

POINTS: Mapping[str, FailPoint] = {
    "before_claim": FailPoint("before", CLAIM, says="about to ask for due rows"),
    "after_claim": FailPoint("after", CLAIM, says="rows are leased, nothing is done"),
    "after_reading_leads": FailPoint(
        "after",
        "hubspot_sync.delivery.batch:BatchDelivery.read_leads",
        says="leads are read, nothing is sent",
    ),
    "before_contacts_call": FailPoint("before", UPSERT, "contacts", "contacts are about to be sent"),
    "after_contacts_call": FailPoint("after", UPSERT, "contacts", "contacts are written, we forget it"),
    "while_rows_are_locked": FailPoint(
        "after",
        "hubspot_sync.delivery.recording:lock_assessments",
        says="inside the transaction that writes an outcome",
    ),
    "after_noting_contacts": FailPoint("after", NOTE, "hubspot_contact_id", "contact ids are durable"),
    "before_deals_call": FailPoint("before", UPSERT, "deals", "deals are about to be sent"),
    "after_deals_call": FailPoint("after", UPSERT, "deals", "deals are written, we forget it"),
    "after_noting_deals": FailPoint("after", NOTE, "hubspot_deal_id", "deal ids are durable"),
    "before_links_call": FailPoint("before", ASSOCIATE, says="links are about to be sent"),
    "after_links_call": FailPoint("after", ASSOCIATE, says="links are written, we forget it"),
    "before_delivered": FailPoint(
        "before", "hubspot_sync.delivery.recording:record_delivered", says="all is in HubSpot, not noted"
    ),
    "after_delivered": FailPoint(
        "after", "hubspot_sync.delivery.recording:record_delivered", says="rows are done"
    ),
    "before_postponed": FailPoint(
        "before", "hubspot_sync.delivery.recording:record_outage", says="HubSpot did not answer, not noted"
    ),
    "after_postponed": FailPoint(
        "after", "hubspot_sync.delivery.recording:record_outage", says="rows wait for HubSpot"
    ),
}


def die_at(name: str, *, every: int) -> None:
    """Let this process kill its whole group whenever it passes the point for the `every`-th time."""
    passes = itertools.count(1)

    def die() -> None:
        if next(passes) % every == 0:
            os.killpg(os.getpgrp(), signal.SIGKILL)

    POINTS[name].arm(die)
