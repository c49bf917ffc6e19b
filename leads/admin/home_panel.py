"""The first page of sales: whom to call, and how much else waits."""

from datetime import datetime
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.http import HttpRequest

from leads.clock import URGENCY_TONES, Urgency, clock
from leads.contact_access import record_list_view
from leads.tabs import call_now, calls_in_order, waiting_calls
from web.formatting import time_ago

MOST = 8


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """The context of `home.html`. Two queries, one of the settings, and the record that names were seen."""
    states = clock(now)
    calls = call_now().annotate(
        urgency_rank=states.as_rank,
        urgency=states.as_column,
        age=ExpressionWrapper(Now() - F("completed_at"), DurationField()),
    )
    first: list[Any] = calls_in_order(calls, states, 0, MOST)
    rows = [
        (lead, Urgency(lead.urgency).label, URGENCY_TONES[Urgency(lead.urgency)], time_ago(lead.age))
        for lead in first
    ]
    if rows and request:
        record_list_view(request.user)
    return {"rows": rows, "waiting": waiting_calls()}
