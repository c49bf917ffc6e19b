"""The HubSpot panel of the back-office start page."""

from datetime import datetime
from typing import Any

from hubspot_sync.models import SyncType
from hubspot_sync.status.figures import queue_by_type, sync_by_day


def home_panel(now: datetime) -> dict[str, Any]:
    """{days, lines}: the last seven days, and the rows waiting in the queue now. Two queries."""
    types = dict(SyncType.choices)
    return {
        "days": [(datetime.fromisoformat(day.day), day) for day in sync_by_day(now)],
        "lines": [
            (types[line.sync_type], line, line.next_try and datetime.fromisoformat(line.next_try))
            for line in queue_by_type()
        ],
    }
