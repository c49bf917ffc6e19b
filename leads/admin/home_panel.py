"""The first page of sales: whom to call, and how much else waits."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from leads.clock import URGENCY_TONES, clock
from leads.contact_access import record_list_view
from leads.tabs import first_calls, waiting_calls
from web.formatting import time_ago


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """The context of `home.html`. Two queries, one of the settings, and the record that names were seen."""
    states = clock(now)
    rows = []
    for lead in first_calls(states):
        urgency = states.urgency(lead.completed_at)
        rows.append((lead, urgency.label, URGENCY_TONES[urgency], time_ago(lead.age)))
    if rows and request:
        record_list_view(request.user)
    return {"rows": rows, "waiting": waiting_calls()}
