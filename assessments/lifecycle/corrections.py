"""Putting right what we hold of a person, in all her runs at once; HubSpot hears of it like of any change."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.lifecycle.completion import LEAD_FIELDS
from assessments.lifecycle.services import hand_on_early
from assessments.models import Assessment, AssessmentSession, Purpose, Source, SuppressedAddress
from assessments.qualification import Contact
from assessments.signals import lead_changed
from encryption.email_addresses import canonical_address


def correct(
    runs: Iterable[Assessment], contact: Contact, source: Source, *, since: datetime | None = None
) -> None:
    """Set the contact details of these runs. What the person agreed to holds for another address as well.

    `since`: only what was said from then on, by whoever has not shown that the old address is hers.
    """
    for run in runs:
        with transaction.atomic():
            old = address_of(run)
            if contact.email and old and canonical_address(contact.email) != old:
                SuppressedAddress.objects.lift(contact.email)
                consents.carry_over(old, contact.email, source, since=since)
            put_right(run, contact)


def put_right(run: Assessment, contact: Contact) -> None:
    values = asdict(contact)
    if AssessmentSession.objects.filter(assessment=run, assessment__completed_at__isnull=True).update(
        **values
    ):
        hand_on_early(run)
        return
    locked = Assessment.objects.select_for_update().filter(pk=run.pk, email_scrubbed_at__isnull=True).first()
    if locked is None or not locked.completed_at:
        return
    for field, value in values.items():
        setattr(locked, field, value)
    locked.requalify()
    locked.save(update_fields=LEAD_FIELDS)
    if locked.lead_quality:
        lead_changed.send(Assessment, assessment=locked)


def tell(
    address: str,
    runs: Iterable[Assessment],
    said: dict[Purpose, bool],
    source: Source,
    *,
    language: str = "",
    since: datetime | None = None,
) -> None:
    """Keep what this person takes back, or agrees to; whoever was sent these runs hears of it."""
    with transaction.atomic():
        if consents.record(address, said, source, language=language, since=since):
            for run in runs:
                lead_changed.send(Assessment, assessment=run)
