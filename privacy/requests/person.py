"""Resolve a data subject, from a privacy link or an address entered by staff, to the rows about them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of, assessments_of
from assessments.models import Assessment, AssessmentLink, AssessmentSession, PrivacyLink, Purpose
from encryption.email_addresses import address_hash, canonical_address, stored_hashes
from mailings.models import MailStop
from mailings.queue import recipient_keys
from privacy.clearing.due import model_of_table

BY_ADDRESS = ("consents", "suppressed_addresses")


@dataclass(frozen=True, slots=True)
class Person:
    """A data subject: their address, their assessments, and whether they have proven the address.

    `proven` is also true when staff ask. Otherwise `assessments` holds only the one made in the requesting
    browser, even if others share the address.
    """

    address: str
    assessments: tuple[Assessment, ...]
    proven: bool

    @property
    def choices(self) -> dict[Purpose, bool]:
        """Their current consents and objections: by address if proven, else from their own assessment."""
        if self.proven:
            return consents.current_choices(self.address)
        return consents.choices_in(self.address, self.assessments[0].pk)

    @property
    def keys(self) -> list[UUID]:
        return [assessment.pk for assessment in self.assessments]


def by_address(address: str) -> Person:
    """Return everything under an address; `assessments` is empty when the address is unknown."""
    return Person(canonical_address(address), tuple(assessments_of(address)), proven=True)


def by_link(link: PrivacyLink) -> Person | None:
    """Return the person whose data a link opens; None when none of it is left.

    A mailed link proves the address it was mailed to, even if the assessment it was requested from has
    another address by now.
    """
    if link.mailed_to:
        person = by_address(link.mailed_to)
        return person if person.assessments else None
    address = address_of(link.assessment)
    if address is None:
        return None
    if link.address_hash is None:
        return Person(address, (link.assessment,), proven=False)
    # Links mailed by an early release have no stored address; they expire once the assessment's address
    # changes.
    return by_address(address) if link.address_hash == address_hash(address) else None


def rows_about(table: str, person: Person) -> QuerySet[Any]:
    """Return the rows of a table of the data map that are about this person."""
    model = model_of_table(table)
    rows = model._default_manager
    if model is Assessment:
        return rows.filter(pk__in=person.keys)
    if model is AssessmentLink:  # may have been mailed from another person's assessment
        mailed = Q(address_hash=address_hash(person.address)) | Q(address=person.address)
        return rows.filter(Q(assessment__in=person.assessments) | mailed)
    if model is PrivacyLink:
        return PrivacyLink.objects.of_person(person.keys, address_hash(person.address))
    if link := assessment_field(model):
        return rows.filter(**{f"{link}__in": person.assessments})
    if model is LogEntry:
        return rows.filter(log_entries_about(person))
    if model is MailStop:
        return rows.filter(recipient__in=recipient_keys(person.address) if person.proven else [])
    if table in BY_ADDRESS and person.proven:
        return rows.filter(address_hash__in=stored_hashes(person.address))
    return rows.none()


def assessment_field(model: type[Model]) -> str | None:
    """Return the name of the foreign key to Assessment; None when the model has none."""
    for field in model._meta.get_fields():
        if field.concrete and field.is_relation and field.related_model is Assessment:
            return field.name
    return None


def log_entries_about(person: Person) -> Q:
    """Match the person's rows in Django's admin log, whose entries may quote a name."""
    sessions = AssessmentSession.objects.filter(assessment__in=person.assessments)
    keys = [*map(str, person.keys), *map(str, sessions.values_list("pk", flat=True))]
    return Q(object_id__in=keys)  # random UUIDs, so no row of another model can match
