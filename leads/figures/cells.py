"""What is counted of the assessments of a period, all in one statement that reads each of them once.

Apart, eight statements read the same rows, and four of them all work of sales beside it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, router
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import TruncDate

from assessments.models import Assessment
from assessments.models.assessment import EmailStatus, SyncStatus
from assessments.statistics.analytics import SECONDS_COUNTED
from leads.figures.steps import FINISHED
from leads.models import ContactOutcome

MOST = 50  # sources, campaigns
SQL = (Path(__file__).parent / "sql" / "cells.sql").read_text()
PLAIN = (
    *("version_id", "last_step", "total_score", "score_category", "lead_quality", "contact_depth"),
    *("qualified_for_briefing", "referrer_source", "language"),
)
COMPUTED = {
    "day": TruncDate("created_at"),
    "finished": ExpressionWrapper(FINISHED, BooleanField()),
    "is_open": ExpressionWrapper(~FINISHED & Q(session__isnull=False), BooleanField()),
    "seconds": F("completion_time_seconds"),
    "state": F("hubspot_sync_status"),
    "mail_state": F("email_delivery_status"),
    "device": KT("browser_info__device"),
    "campaign": KT("utm__utm_campaign"),
    "outcome": F("work__outcome"),
    "owner_id": F("work__owner"),
    "contacted_at": F("work__first_contact_at"),
    "waited": F("work__first_contact_at") - F("completed_at"),
}
WORDS = {
    "synced": SyncStatus.SYNCED,
    "sent": EmailStatus.SENT,
    "meeting": ContactOutcome.MEETING,
    "won": ContactOutcome.WON,
}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cells:
    """The numbers, and the rows of each table; days and keys are text, times in seconds."""

    numbers: Row
    ended: list[Row]  # by version_id and last_step
    days: list[Row]
    scores: list[Row]  # by score_category and tens
    owners: list[Row]  # the one with most leads first
    sources: list[Row]  # the MOST commonest
    splits: list[Row]  # by language, quality, outcome, state and device
    campaigns: list[Row]  # the MOST commonest


def cells_of(chosen: QuerySet[Assessment, Any]) -> Cells:
    """Count these assessments. One query."""
    sql, parameters = chosen.values(*PLAIN, **COMPUTED).query.sql_with_params()
    fastest, slowest = SECONDS_COUNTED
    words = {name: f"'{word}'" for name, word in WORDS.items()}
    statement = SQL.format(chosen=sql, fastest=fastest, slowest=slowest, most=MOST, **words)
    with connections[router.db_for_read(Assessment)].cursor() as cursor:
        cursor.execute(statement, parameters)
        found = cursor.fetchone()
    return Cells(*(json.loads(part) if isinstance(part, str) else part for part in found))
