"""Correct a person's contact details and change their consents, in all their assessments at once."""

from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.lifecycle.services import announce_open_lead, set_contact
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

    `proven`: whether the person has proven their previous address.
    """
    for assessment in assessments:
        with transaction.atomic():
            old = address_of(assessment)
            if contact.email and old and canonical_address(contact.email) != old:
                consents.carry_over(old, contact.email, source, assessment.pk, proven=proven)
            correct_one(assessment, contact)


def correct_one(assessment: Assessment, contact: Contact) -> None:
    """Write the details to the open session, or to the finished assessment, and announce the change."""
    open_session = AssessmentSession.objects.filter(
        assessment=assessment, assessment__completed_at__isnull=True
    )
    if open_session.update(**asdict(contact)):
        announce_open_lead(assessment)
        return
    unscrubbed = Assessment.objects.completed().filter(pk=assessment.pk, email_scrubbed_at__isnull=True)
    if locked := unscrubbed.select_for_update().first():
        set_contact(locked, contact)


def change_consent(
    address: str,
    assessments: Iterable[Assessment],
    choices: dict[Purpose, bool],
    source: ConsentSource,
    *,
    proven: bool = True,
    language: str = "",
    version: UUID | None = None,
) -> None:
    """Record consents given or withdrawn, and announce the leads if anything changed.

    Consents apply to the address, or, if it is not `proven`, to the one assessment in which it was typed.
    `language` and `version` say whose texts were shown: see `record_choices`.
    """
    assessments = list(assessments)
    scope = None if proven else assessments[0].pk
    with transaction.atomic():
        if consents.record_choices(
            address, choices, source, assessment=scope, language=language, version=version
        ):
            for assessment in assessments:
                lead_changed.send(Assessment, assessment=assessment)
