"""The first page of editors: the drafts, what goes live when, and the latest changes."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from scorecard.editing.changes import latest_records
from scorecard.models import Questionnaire, ScheduledPublication

MOST_DRAFTS = 8
MOST_RECORDS = 5


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    """{drafts, records}: a draft has `waiting`, its scheduled publications. Three queries."""
    waiting = Prefetch("publications", ScheduledPublication.objects.waiting(), to_attr="waiting")
    drafts = Questionnaire.objects.filter(archived_at=None).prefetch_related(waiting)
    return {"drafts": drafts.order_by("name")[:MOST_DRAFTS], "records": latest_records()[:MOST_RECORDS]}
