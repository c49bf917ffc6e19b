"""Consent: the texts of the checkboxes, recording a choice, and which choices are in force.

Each purpose has its own checkbox, never ticked in advance. An unticked checkbox records nothing; consent is
withdrawn on the privacy page, through the API, or by staff on request.

The log of choices decides. Each lead has a copy of the choice in force about being contacted,
`contact_choice`, by which the lead list is filtered. Whoever records such a choice, or gives a lead its
address, holds the lock of the address until the transaction ends (`lock_address`), so that neither misses
what the other writes.
"""

from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar
from uuid import UUID

from constance import config
from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Consent, ConsentSource, Purpose
from encryption.email_addresses import address_hash, stored_hashes
from scorecard import versions
from web.languages import current_language

TEXT_VERSION = "2026-11"
COMPARED_AT_ONCE = 1_000  # leads whose choices are looked up together
Key = TypeVar("Key")

TEXTS = {
    Purpose.RESULT: _("Send me my result by e-mail, once."),
    Purpose.FOLLOW_UP: _("You may contact me about my result."),
    Purpose.MARKETING: _("Send me news and offers by e-mail, now and then."),
}


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """One checkbox: its purpose, its text and the version of the text."""

    purpose: Purpose
    text: str
    version: str = TEXT_VERSION


def consent_text(purpose: Purpose, language: str = "", *, version: UUID | None = None) -> str:
    """The text beside the checkbox, in `language`, by default the current one.

    It is the one of the questionnaire's `version`, if that has one.
    """
    language = language or current_language()
    if version and (own := versions.get(version).in_language(language).consents.get(purpose)):
        return own
    with translation.override(language):
        return str(TEXTS[purpose])


def text_version(purpose: Purpose, version: UUID | None) -> str:
    """The version of the text that `consent_text` gives."""
    published = versions.get(version) if version else None
    return (
        f"v{published.number}" if published and published.definition.consents.get(purpose) else TEXT_VERSION
    )


def consent_boxes(version: UUID | None = None) -> list[ConsentBox]:
    """The checkboxes that a form shows under the current settings: only consents that have an effect.

    Without mail, nobody could confirm that they want news and offers. The texts are those of the version of
    the questionnaire, where it has its own.
    """
    with_effect = {
        Purpose.RESULT: settings.MAIL_IS_SET_UP,
        Purpose.FOLLOW_UP: config.HUBSPOT_NEEDS_CONSENT,
        Purpose.MARKETING: settings.MAIL_IS_SET_UP,
    }
    return [
        ConsentBox(purpose, consent_text(purpose, version=version), text_version(purpose, version))
        for purpose, shown in with_effect.items()
        if shown
    ]


def record_choices(
    address: str,
    choices: Mapping[Purpose, bool],
    source: ConsentSource,
    *,
    assessment: UUID | None = None,
    language: str = "",
    version: UUID | None = None,
) -> set[Purpose]:
    """Record the choices that differ from the latest ones, with the text shown; returns their purposes.

    They apply to the address if it is proven (or staff act on a request), and to one `assessment` if the
    address was only typed there. `language` is that of the page shown, by default the current one, `version`
    the one of the questionnaire whose texts were shown.
    """
    owner = address_hash(address)
    scope = address_hash(address, assessment) if assessment else None
    is_copied = Purpose.FOLLOW_UP in choices
    with transaction.atomic(savepoint=False) if is_copied else nullcontext():
        if is_copied:
            lock_address(address)
        known = Consent.objects.latest_choices([owner], [scope] if scope else [])
        last = known.given.get((owner, scope), {})
        # Withdrawing a consent that was never given is an objection, and is recorded.
        changed = {purpose for purpose, given in choices.items() if last.get(purpose) is not given}
        Consent.objects.bulk_create(
            Consent(
                address_hash=owner,
                scope=scope,
                purpose=purpose,
                given=given,
                text=consent_text(purpose, language, version=version),
                text_version=text_version(purpose, version),
                source=source,
            )
            for purpose, given in choices.items()
            if purpose in changed
        )
        if Purpose.FOLLOW_UP in changed:
            copy_contact_choice(address, assessment=assessment)
    return changed


def lock_address(address: str) -> None:
    """Wait for everybody else who copies the choices of this address, and hold them up until the commit.

    A submit does so in its own statement, with the function `no_choice_after` of the database.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"choices {address_hash(address)}"])


def copy_contact_choice(address: str, *, assessment: UUID | None = None) -> int:
    """Copy the choice in force about being contacted to all leads with this address, or to one.

    The caller has locked the address. Returns how many had another copy.
    """
    leads = Assessment.objects.of_address(address)
    if assessment:
        leads = leads.filter(pk=assessment)
    copies = dict(leads.values_list("pk", "contact_choice"))
    choices = choices_by_assessment(dict.fromkeys(copies, address))
    wrong = {
        key: given
        for key, copy in copies.items()
        if (given := choices[key].get(Purpose.FOLLOW_UP)) is not copy
    }
    return sum(  # of those that still have the address
        leads.filter(pk__in=[key for key in wrong if wrong[key] is given]).update(contact_choice=given)
        for given in set(wrong.values())
    )


def correct_contact_choices() -> int:
    """Copy the choice about being contacted to all leads whose copy is another; returns how many.

    These are the leads of before the column was there, those that an older release writes during an upgrade,
    and those whose choice was deleted at the end of its retention. Interrupted, the next run completes it.
    """
    leads = Assessment.objects.filter(email__isnull=False).values_list("pk", "email", "contact_choice")
    rows, changed = leads.iterator(COMPARED_AT_ONCE), 0
    while batch := list(islice(rows, COMPARED_AT_ONCE)):
        choices = choices_by_assessment({key: str(address) for key, address, _ in batch})
        for key, address, copy in batch:
            if choices[key].get(Purpose.FOLLOW_UP) is not copy:
                with transaction.atomic():
                    lock_address(str(address))
                    changed += copy_contact_choice(str(address), assessment=key)
    return changed


def current_choices(address: str, assessment: UUID | None = None) -> dict[Purpose, bool]:
    """The choices in force for this address, or for an assessment with it."""
    choices = choices_by_assessment({assessment: address})[assessment]
    return {Purpose(purpose): given for purpose, given in choices.items()}


def contact_choice(address: str | None, assessment: UUID) -> bool | None:
    """The choice in force about being contacted, for an assessment with this address; None without any."""
    return current_choices(address, assessment).get(Purpose.FOLLOW_UP) if address else None


def choices_by_assessment(addresses: Mapping[Key, str]) -> dict[Key, dict[str, bool]]:
    """The choices in force for each of these assessments, {assessment: its address}. One query."""
    return {key: each.in_force for key, each in recorded_choices(addresses).items()}


def recorded_choices(addresses: Mapping[Key, str]) -> dict[Key, "Choices"]:
    """All choices recorded for each of these assessments, {assessment: its address}. One query."""
    owners = {key: stored_hashes(address) for key, address in addresses.items()}
    scopes = {key: address_hash(address, key) for key, address in addresses.items() if key is not None}
    wanted = {each for hashes in owners.values() for each in hashes}
    last = Consent.objects.latest_choices(wanted, set(scopes.values()))
    found = {}
    for key, hashes in owners.items():
        for_address: dict[str, bool] = {}
        for each in reversed(hashes):  # choices under the canonical spelling are newer
            for_address |= last.given.get((each, None), {})
        typed = last.given.get((hashes[0], scopes.get(key, "")), {})
        found[key] = Choices(for_address, typed, last.newest)
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices made with a proven address, and those `typed` in one assessment: {purpose: given}.

    `newest`: no choice recorded later, by its id, was known when they were read.
    """

    for_address: Mapping[str, bool]
    typed: Mapping[str, bool]
    newest: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever said."""
        return not (self.for_address or self.typed)

    @property
    def in_force(self) -> dict[str, bool]:
        """An objection always applies. Otherwise the choice of the proven address wins, and a typed one
        applies only without it. Typing an address never gives consent to marketing (double opt-in).
        """
        agreed = {purpose: given for purpose, given in self.typed.items() if purpose != Purpose.MARKETING}
        objected = {purpose: given for purpose, given in self.typed.items() if not given}
        return {**agreed, **self.for_address, **objected}

    @property
    def awaits_click(self) -> bool:
        """Whether somebody who typed the address agreed to marketing, and its owner has said nothing yet."""
        return bool(self.typed.get(Purpose.MARKETING)) and Purpose.MARKETING not in self.for_address


def choices_of(address: str, assessment: UUID) -> Choices:
    """All choices recorded for an assessment and its address. One query."""
    return recorded_choices({assessment: address})[assessment]


def choices_in(address: str, assessment: UUID) -> dict[Purpose, bool]:
    """The choices made in one assessment with this address, in force or not."""
    owner, scope = address_hash(address), address_hash(address, assessment)
    last = Consent.objects.latest_choices([owner], [scope]).given.get((owner, scope), {})
    return {Purpose(purpose): given for purpose, given in last.items()}


def carry_over(old: str, new: str, source: ConsentSource, assessment: UUID, *, proven: bool) -> None:
    """Copy the choices for the old address of an assessment to its new one, which is only typed.

    Choices that the old address's owner made elsewhere are copied only if that address is `proven`: copying
    them would otherwise disclose them.
    """
    choices = choices_in(old, assessment) | (current_choices(old) if proven else {})
    record_choices(new, choices, source, assessment=assessment)


def may_contact(choices: Mapping[str, bool]) -> bool:
    """Whether a person with these choices may be sent to HubSpot, and so be contacted by sales.

    The form states beside the address who receives it, so only an objection forbids it, unless
    HUBSPOT_NEEDS_CONSENT requires explicit consent: docs/privacy.md.
    """
    return choices.get(Purpose.FOLLOW_UP, silence_allows())


def silence_allows() -> bool:
    """Whether a person who has said nothing about it may be contacted by sales."""
    return not config.HUBSPOT_NEEDS_CONSENT


def ticked_choices(purposes: Iterable[str]) -> dict[Purpose, bool]:
    """Ticked checkboxes as `record_choices` takes them; unknown purposes are ignored."""
    return {Purpose(purpose): True for purpose in purposes if purpose in Purpose.values}
