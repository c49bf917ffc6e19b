"""Correct contact details and change consents of a person, in all their assessments at once."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.lifecycle.completion import LEAD_FIELDS
from assessments.lifecycle.services import announce_open_lead
from assessments.models import Assessment, AssessmentSession, ConsentSource, Purpose
from assessments.qualification import Contact
from assessments.signals import lead_changed
from encryption.email_addresses import canonical_address


def correct(
    assessments: Iterable[Assessment],
    contact: Contact,
    source: ConsentSource,
    *,
    proven: bool,
) -> None:
    """Set the contact details of these assessments; consents are carried over to a new address.

    `proven`: whether whoever corrects them has proven the address that they had so far.
    """
    for assessment in assessments:
        with transaction.atomic():
            old = address_of(assessment)
            if contact.email and old and canonical_address(contact.email) != old:
                consents.carry_over(old, contact.email, source, assessment.pk, proven=proven)
            set_contact(assessment, contact)


def set_contact(assessment: Assessment, contact: Contact) -> None:
    """Write the details to the open session, or to the finished assessment, and announce the change."""
    values = asdict(contact)
    if AssessmentSession.objects.filter(assessment=assessment, assessment__completed_at__isnull=True).update(
        **values
    ):
        announce_open_lead(assessment)
        return
    locked = (
        Assessment.objects.select_for_update()
        .filter(pk=assessment.pk, email_scrubbed_at__isnull=True)
        .first()
    )
    if locked is None or not locked.completed_at:
        return
    for field, value in values.items():
        setattr(locked, field, value)
    locked.requalify()
    locked.save(update_fields=LEAD_FIELDS)
    if locked.lead_quality:
        lead_changed.send(Assessment, assessment=locked)


def change_consent(
    address: str,
    assessments: Iterable[Assessment],
    said: dict[Purpose, bool],
    source: ConsentSource,
    *,
    proven: bool = True,
    language: str = "",
) -> None:
    """Record consents given or withdrawn, and announce the assessments when anything changed.

    They count for the address, or, when it is not `proven`, for the one assessment of whoever typed it.
    """
    assessments = list(assessments)
    scope = None if proven else assessments[0].pk
    with transaction.atomic():
        if consents.record_choices(address, said, source, assessment=scope, language=language):
            for assessment in assessments:
                lead_changed.send(Assessment, assessment=assessment)
