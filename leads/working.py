"""What staff do with a lead: claim, assign, release, record an outcome, plan a follow-up, write a note.

Each is one transaction, and adds to the history of the lead what it changed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Coalesce, Now

from accounts.models import User
from assessments.models import Assessment
from assessments.signals import lead_changed
from leads.models import ContactOutcome, EventKind, Lead, LeadEvent, LeadNote, LeadWork

TAKE = (Path(__file__).parent / "sql/take.sql").read_text()


class LeadIsClosed(Exception):
    """The lead was scrubbed or erased meanwhile: no one is left to work on."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The leads that the caller owns now, and those that another had before: {lead: its owner}."""

    won: frozenset[UUID]
    lost: dict[UUID, User]


def claim_leads(leads: Collection[UUID], user: User) -> Claimed:
    """Make `user` the owner of the leads without one. If two claim at once, one gets it."""
    won = change_owner(leads, owner=user, actor=user, kind=EventKind.CLAIMED, free=True)
    others = LeadWork.objects.filter(pk__in=set(leads) - won).exclude(owner=user).exclude(owner=None)
    return Claimed(frozenset(won), {work.pk: work.owner for work in others.select_related("owner")})  # type: ignore[misc]  # None is excluded


def assign_owner(leads: Collection[UUID], owner: User, *, by: User) -> int:
    """Make `owner` the owner of these leads, whoever owned them; return how many changed hands."""
    return len(change_owner(leads, owner=owner, actor=by, kind=EventKind.ASSIGNED, free=False))


def change_owner(
    leads: Collection[UUID], *, owner: User, actor: User, kind: EventKind, free: bool
) -> set[UUID]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            TAKE,
            {"leads": list(leads), "owner": owner.pk, "actor": actor.pk, "kind": kind, "free": free},
        )
        changed = {row[0] for row in cursor.fetchall()}
        announce(changed)
    return changed


def announce(leads: Collection[UUID]) -> None:
    """Tell HubSpot of owner and outcome, where the operator has named properties for them."""
    if settings.HUBSPOT_SALES_PROPERTIES:
        for lead in Assessment.objects.filter(pk__in=leads):
            lead_changed.send(sender=Assessment, assessment=lead)


def release_lead(lead: UUID, *, by: User) -> bool:
    """Give the lead back to everybody; False if it had no owner."""
    with transaction.atomic():
        owned = LeadWork.objects.filter(pk=lead, owner__isnull=False)
        released = bool(owned.update(owner=None, owned_at=None))
        if released:
            add_event(lead, EventKind.RELEASED, by)
            announce([lead])
    return released


def record_outcome(
    lead: UUID, outcome: ContactOutcome, *, by: User, follow_up_on: date | None = None
) -> None:
    """Record how the contact went and when the next one is due; the person who made it owns the lead.

    Raises LeadIsClosed when the person's data is gone.
    """
    with transaction.atomic():
        work = work_on(lead)
        if work.owner_id is None:
            change_owner([lead], owner=by, actor=by, kind=EventKind.CLAIMED, free=True)
        LeadWork.objects.filter(pk=lead).update(
            outcome=outcome,
            follow_up_on=follow_up_on,
            first_contact_at=Coalesce("first_contact_at", Now()),
            last_contact_at=Now(),
        )
        add_event(lead, EventKind.OUTCOME, by, outcome)
        announce([lead])
        if work.follow_up_on != follow_up_on:
            add_event(lead, EventKind.FOLLOW_UP, by, str(follow_up_on or ""))


def follow_up(lead: UUID, on: date | None, *, by: User) -> None:
    """Plan the next contact, or None to drop it. Raises LeadIsClosed when the person's data is gone."""
    with transaction.atomic():
        if work_on(lead).follow_up_on != on:
            LeadWork.objects.filter(pk=lead).update(follow_up_on=on)
            add_event(lead, EventKind.FOLLOW_UP, by, str(on or ""))


def add_note(lead: UUID, text: str, *, by: User) -> LeadNote:
    """Add a note. Raises LeadIsClosed when the person's data is gone."""
    with transaction.atomic():
        work_on(lead)
        add_event(lead, EventKind.NOTE, by)
        return LeadNote.objects.create(assessment_id=lead, author=by, text=text)


def work_on(lead: UUID) -> LeadWork:
    """Lock the work on a lead, making its row if absent. Raises LeadIsClosed when the data is gone.

    The lead is locked as well, against the scrub or an erasure at the same moment.
    """
    alive = Lead.objects.leads().filter(pk=lead, email_scrubbed_at__isnull=True)
    if not alive.select_for_update(no_key=True).exists():
        raise LeadIsClosed
    LeadWork.objects.bulk_create([LeadWork(assessment_id=lead)], ignore_conflicts=True)
    return LeadWork.objects.select_for_update().get(pk=lead)


def add_event(lead: UUID, kind: EventKind, by: User, value: str = "", detail: str | None = None) -> None:
    """Add a line to the history of a lead."""
    LeadEvent.objects.create(assessment_id=lead, actor=by, kind=kind, value=value, detail=detail)
