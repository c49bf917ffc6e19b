"""The scrub: clear every personal value past its retention, in all tables of the data map."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError

from audit.models import SystemLog
from privacy.clearing.batches import Clearing
from privacy.clearing.due import NO_CHANGE, SESSIONS, due_rows, retention_days, tables_with_retention
from privacy.datamap.processing_register import map_version
from privacy.models import ScrubCertificate
from queues.database_clock import database_now
from queues.progress import Progress, no_progress

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cleared:
    """The number of rows of a table that were scrubbed or deleted."""

    table: str
    rows: int


def count_due(proposed: Mapping[str, int] = NO_CHANGE, *, thorough: bool = True) -> list[Cleared]:
    """Count the rows per table that a scrub would clear now; `proposed` overrides retention settings."""
    now = database_now()
    return [
        Cleared(name, due_rows(name, table, term, now, proposed=proposed, thorough=thorough).count())
        for name, table, term in tables_with_retention()
        if name != SESSIONS
    ]


def scrub(
    progress: Progress[int] = no_progress, *, thorough: bool = False, seconds: float | None = None
) -> list[Cleared]:
    """Clear everything that is due and certify it; stop cleanly after `seconds`.

    Thorough: also look for JSON keys that the data map does not list, which reads every old row.
    """
    end = None if seconds is None else time.monotonic() + seconds
    for left in ScrubCertificate.objects.abandoned():
        left.seal(complete=False)
    now = database_now()
    certificate = ScrubCertificate.objects.create(
        map_version=map_version(),
        cutoffs={
            term.setting: (now - timedelta(days=retention_days(term))).isoformat()
            for _, _, term in tables_with_retention()
            if term.setting
        },
    )
    clearings = [
        Clearing(name, table, term, now, thorough=thorough, certificate=certificate, end=end)
        for name, table, term in tables_with_retention()
        if name != SESSIONS
    ]
    cleared = [Cleared(clearing.name, clear_table(clearing, progress)) for clearing in clearings]
    certificate.seal(complete=all(clearing.done for clearing in clearings))
    record_scrub(certificate, cleared)
    return cleared


def clear_table(clearing: Clearing, progress: Progress[int]) -> int:
    """Clear one table; return the number of rows. A failure is logged and does not stop the other tables."""
    try:
        return clearing.run(progress)
    except DatabaseError:
        logger.exception("The scrub could not finish %s", clearing.name)
        return 0


def record_scrub(certificate: ScrubCertificate, cleared: list[Cleared]) -> None:
    SystemLog.objects.record(
        "email_scrub",
        "Personal data past its retention was scrubbed",
        records_scrubbed={each.table: each.rows for each in cleared if each.rows},
        certificate=certificate.number,
    )
    if certificate.unconfirmed:
        logger.error("%s leads were scrubbed before HubSpot had them", certificate.unconfirmed)
