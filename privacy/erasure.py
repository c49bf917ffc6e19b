"""Erasing one person, now: here in one transaction, in HubSpot through a queue of its own.

The data map says what goes, as it does for the scrub; score, answers and statistics stay without the person.
What remains is a keyed hash of the address, so that no late job, import or restored backup brings the person
back: docs/privacy.md.
"""

import logging
from collections import Counter
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from assessments.models import Assessment, AssessmentSession, PrivacyLink, Response, SuppressedAddress
from assessments.models.assessment import EmailStatus, SyncStatus
from assessments.services import responses_of
from audit.models import SystemLog
from hubspot_sync.erasing import enqueue_erasure, stop_sending
from mailings.models import Mail
from privacy.datamap import TABLES, Table
from privacy.persons import Person, by_address, rows_of
from privacy.retention import cleared_values

KEPT = {"consents", "suppressed_addresses", "privacy_links", "mail_queue"}  # proof, and what shows the state

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: its line on the list, and how many rows of each table lost the person."""

    line: SuppressedAddress
    rows: dict[str, int]


def erase(address: str, *, asked_by: str) -> Erased:
    """Erase whoever has this address, known here or not: HubSpot may know it all the same.

    One transaction. Doing it again changes nothing. `asked_by` is a word: prospect, staff, command, restore.
    """
    with transaction.atomic():
        person = locked(by_address(address))
        line = SuppressedAddress.objects.suppress(person.address)
        contacts = {run.hubspot_contact_id for run in person.runs if run.hubspot_contact_id}
        enqueue_erasure(line, address=person.address, runs=person.keys, contacts=contacts)
        stop_sending(person.keys)
        rows = forget(person, line)
        SystemLog.objects.record(
            "person_erased", "A person was erased", erasure=line.pk, asked_by=asked_by, rows=rows
        )
        transaction.on_commit(partial(say, line), robust=True)
    return Erased(line, rows)


def locked(person: Person) -> Person:
    """The same person with her rows locked, sessions first as submit does, then the runs."""
    sessions = AssessmentSession.objects.filter(assessment__in=person.runs).order_by("pk")
    list(sessions.select_for_update(of=("self",)).values_list("pk"))
    runs = Assessment.objects.filter(pk__in=person.keys).order_by("pk").select_for_update(no_key=True)
    return Person(person.address, tuple(runs), person.proven)


def forget(person: Person, line: SuppressedAddress) -> dict[str, int]:
    """Clear every row about this person as the data map says; how many of each table."""
    keep_answers(person)
    PrivacyLink.objects.follow(person.keys, line)
    mails = Mail.objects.filter(assessment__in=person.runs)
    mails.cancel()
    mails.update(key=None)
    counts = Counter({name: clear(name, table, person) for name, table in TABLES.items() if name not in KEPT})
    runs = Assessment.objects.filter(pk__in=person.keys)
    runs.exclude(hubspot_sync_status=SyncStatus.SYNCED).update(hubspot_sync_status=SyncStatus.SKIPPED)
    runs.exclude(email_delivery_status=EmailStatus.SENT).update(email_delivery_status=EmailStatus.SKIPPED)
    return dict(+counts)


def keep_answers(person: Person) -> None:
    """The answers of unfinished runs stay as responses, for drop-off figures; the session goes."""
    sessions = AssessmentSession.objects.filter(
        assessment__in=person.runs, assessment__completed_at__isnull=True
    )
    answers = [
        answer
        for one in sessions.select_related("assessment")
        for answer in responses_of(one, one.assessment)
    ]
    Response.objects.bulk_create(answers, ignore_conflicts=True)


def clear(name: str, table: Table, person: Person) -> int:
    """Clear one table; how many rows changed."""
    if table.retention is None or not (table.scrubbed or table.retention.delete_row):
        return 0
    rows = rows_of(name, person)
    if table.retention.delete_row:
        return rows.delete()[0]
    return rows.update(**cleared_values(table, table.retention))


def say(line: SuppressedAddress) -> None:
    """One log line, of which `suppress_restored` can make the list again when a backup took it along."""
    logger.warning("erased %s %s", line.address_hash, line.erased_at.isoformat())
