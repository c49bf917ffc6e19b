"""Signals that announce leads to the apps above. A lead is an assessment with an address.

`lead_changed` is sent with `.send()` inside the transaction that changed the lead, so the lead and the
rows of its receivers commit or fail together. Receivers only insert queue rows. While a lead is unfinished,
its contact details are in the session.

`lead_finishes` is sent before the result of a lead is stored. A receiver returns an `Insert`, which the
statement of the result takes along, or None: one statement commits or fails as a whole, without BEGIN and
COMMIT around it. `lead_changed` follows with `is_queued`, and with the `choices` about its address where they
have been read.

Receivers: hubspot_sync.delivery.enqueue.enqueue_lead mailings.queue.enqueue_for_lead
hubspot_sync.delivery.enqueue.queue_with_result
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.dispatch import Signal

lead_changed = Signal()  # sender=Assessment, assessment=<the lead>, is_queued=False, choices=None
lead_finishes = Signal()  # sender=Assessment, assessment=<the lead>


class Insert(NamedTuple):
    """An INSERT on condition that `unchanged` of finish.sql has a row, and its parameters."""

    sql: str
    parameters: Mapping[str, Any]
