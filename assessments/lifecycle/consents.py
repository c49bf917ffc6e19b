"""Consent: the texts of the checkboxes, recording a choice, and which choices are in force.

Each purpose has its own checkbox, never ticked in advance. An unticked checkbox records nothing; consent is
withdrawn on the privacy page, through the API, or by staff on request.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from constance import config
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Consent, ConsentSource, Purpose
from encryption.email_addresses import address_hash, stored_hashes
from scorecard import versions
from web.languages import current_language

TEXT_VERSION = "2026-11"
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
    last = Consent.objects.latest_choices([owner], [scope] if scope else []).get((owner, scope), {})
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
    return changed


def current_choices(address: str, assessment: UUID | None = None) -> dict[Purpose, bool]:
    """The choices in force for this address, or for an assessment with it."""
    choices = choices_by_assessment({assessment: address})[assessment]
    return {Purpose(purpose): given for purpose, given in choices.items()}


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
            for_address |= last.get((each, None), {})
        found[key] = Choices(for_address, last.get((hashes[0], scopes.get(key, "")), {}))
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices made with a proven address, and those `typed` in one assessment: {purpose: given}."""

    for_address: Mapping[str, bool]
    typed: Mapping[str, bool]

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
    last = Consent.objects.latest_choices([owner], [scope]).get((owner, scope), {})
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
    return choices.get(Purpose.FOLLOW_UP, not config.HUBSPOT_NEEDS_CONSENT)


def ticked_choices(purposes: Iterable[str]) -> dict[Purpose, bool]:
    """Ticked checkboxes as `record_choices` takes them; unknown purposes are ignored."""
    return {Purpose(purpose): True for purpose in purposes if purpose in Purpose.values}
