"""The HubSpot panel of the back-office start page."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from hubspot_sync.models import SyncType
from hubspot_sync.status.backlog import leads_held_back
from hubspot_sync.status.figures import queue_by_type, sync_by_day


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """{days, lines, held}: the last seven days, the rows waiting now, the leads held back. Three queries."""
    types = dict(SyncType.choices)
    return {
        "days": [(datetime.fromisoformat(day.day), day) for day in sync_by_day(now)],
        "lines": [
            (types[line.sync_type], line, line.next_try and datetime.fromisoformat(line.next_try))
            for line in queue_by_type()
        ],
        "held": leads_held_back(),
    }
