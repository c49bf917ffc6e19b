"""Erase a data subject: locally in one transaction, in HubSpot through its own queue.

The data map decides what is cleared, as it does for the scrub; the score, choices and statistics remain,
detached from the person. A keyed hash of the address remains too, so that no late job, import or restored
backup brings the person back: docs/privacy.md.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Q

from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import Assessment, AssessmentSession, PrivacyLink, SuppressedAddress
from assessments.models.assessment import EmailStatus, SyncStatus
from audit.models import SystemLog
from exports.models import Export
from hubspot_sync.erasure.erase import contacts_to_erase, enqueue_erasure, stop_sending
from mailings.models import Mail
from privacy.clearing.due import row_needs_clearing
from privacy.datamap.sql_rules import cleared_columns, cleared_values
from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import Table
from privacy.requests.person import Person, by_address, rows_about

KEPT = {
    "consents",
    "suppressed_addresses",
    "privacy_links",
    "mail_queue",
    "mail_stops",
}  # proof of the request, and what the status page reads

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """The result of an erasure: its suppression entry, and the rows cleared per table."""

    line: SuppressedAddress
    rows: dict[str, int]


def erase(address: str, *, asked_by: str) -> Erased:
    """Erase the person with this address, even if it is unknown here: HubSpot may still know it.

    Runs in one transaction and is idempotent. `asked_by` is one of: prospect, staff, command, restore.
    """
    with transaction.atomic():
        person = lock_person(by_address(address))
        line = SuppressedAddress.objects.suppress(person.address)
        contacts = contacts_to_erase(person.assessments)
        enqueue_erasure(line, address=person.address, assessments=person.keys, contacts=contacts)
        stop_sending(person.keys)
        rows = clear_person(person, line)
        Export.objects.withdraw_leads()
        SystemLog.objects.record(
            "person_erased", "A person was erased", erasure=line.pk, asked_by=asked_by, rows=rows
        )
        transaction.on_commit(partial(log_erasure, line), robust=True)
    return Erased(line, rows)


def lock_person(person: Person) -> Person:
    """Return the person with their rows locked: sessions first, as submit does, then assessments."""
    sessions = AssessmentSession.objects.filter(assessment__in=person.assessments).order_by("pk")
    list(sessions.select_for_update(of=("self",)).values_list("pk"))
    rows = Assessment.objects.filter(pk__in=person.keys).order_by("pk").select_for_update(no_key=True)
    return Person(person.address, tuple(rows), person.proven)


def clear_person(person: Person, line: SuppressedAddress) -> dict[str, int]:
    """Clear every row about this person as the data map says; return the number of rows per table."""
    end_unfinished_assessments(person)
    PrivacyLink.objects.follow(person.keys, line)
    Mail.objects.filter(Q(assessment__in=person.assessments) | Q(address=person.address)).forget()
    counts = Counter(
        {name: clear_rows_about(name, table, person) for name, table in TABLES.items() if name not in KEPT}
    )
    rows = Assessment.objects.filter(pk__in=person.keys)
    rows.exclude(hubspot_sync_status=SyncStatus.SYNCED).update(hubspot_sync_status=SyncStatus.SKIPPED)
    rows.exclude(email_delivery_status=EmailStatus.SENT).update(email_delivery_status=EmailStatus.SKIPPED)
    return dict(+counts)


def end_unfinished_assessments(person: Person) -> None:
    """Save the answers of unfinished assessments for the drop-off figures, then delete the sessions."""
    sessions = AssessmentSession.objects.filter(
        assessment__in=person.assessments, assessment__completed_at__isnull=True
    )
    end_unfinished(sessions.select_related("assessment"))


def clear_rows_about(name: str, table: Table, person: Person) -> int:
    """Clear one table; return the number of rows changed."""
    retention, rows = table.retention, rows_about(name, person)
    if retention is None or not (retention.delete_row or cleared_columns(table)):
        return 0
    if retention.delete_row:
        return rows.delete()[0]
    values = cleared_values(table, retention)
    if retention.mark_undelivered:
        del values[retention.mark_undelivered]  # an erasure on request does not count as a lost lead
    return rows.filter(row_needs_clearing(table, thorough=True)).update(**values)


def log_erasure(line: SuppressedAddress) -> None:
    """Write a log line from which `suppress_restored` can rebuild the list after a restore."""
    logger.warning("erased %s %s", line.address_hash, line.erased_at.isoformat())
