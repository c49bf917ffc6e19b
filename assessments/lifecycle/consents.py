"""Consent: the texts of the boxes, recording a choice, and what the current choices allow.

Each purpose has its own box, and none is ticked beforehand. An empty box records nothing; consent is
withdrawn on the privacy page, through the API, or by staff on request.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from constance import config
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Consent, ConsentSource, Purpose
from encryption.email_addresses import address_hash
from web.languages import current_language

TEXT_VERSION = "2026-11"

TEXTS = {
    Purpose.RESULT: _("Send me my result by e-mail, once."),
    Purpose.FOLLOW_UP: _("You may contact me about my result."),
    Purpose.MARKETING: _("Send me news and offers about AI by e-mail, now and then."),
}


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """One checkbox: its purpose, its text and the version of the text."""

    purpose: Purpose
    text: str
    version: str = TEXT_VERSION


def consent_text(purpose: Purpose, language: str = "") -> str:
    """The text beside the box, in `language` or else in the current one."""
    with translation.override(language or current_language()):
        return str(TEXTS[purpose])


def consent_boxes() -> list[ConsentBox]:
    """The boxes that a form shows under the current settings: only consents that have an effect."""
    purposes = [Purpose.MARKETING]
    if config.HUBSPOT_NEEDS_CONSENT:
        purposes.insert(0, Purpose.FOLLOW_UP)
    if settings.MAIL_IS_SET_UP:
        purposes.insert(0, Purpose.RESULT)
    return [ConsentBox(purpose, consent_text(purpose)) for purpose in purposes]


def record_choices(
    address: str,
    said: Mapping[Purpose, bool],
    source: ConsentSource,
    *,
    language: str = "",
    since: datetime | None = None,
) -> set[Purpose]:
    """Record the choices that differ from the current ones, with the text that was shown; the changed
    purposes.

    `language`: of the page that was shown, by default the current one. A choice whose last record is older
    than `since` is recorded again even if it is the same, so that `current_choices(since=...)` contains
    everything that this session chose.
    """
    owner = address_hash(address)
    last = Consent.objects.latest_choices([owner])
    # Withdrawing what was never given is an objection, and is recorded.
    changed = {
        purpose for purpose, given in said.items() if last.get((owner, purpose), (None,))[0] is not given
    }
    old = {purpose for (_, purpose), (_, at) in last.items() if since and at < since}
    Consent.objects.bulk_create(
        Consent(
            address_hash=owner,
            purpose=purpose,
            given=given,
            text=consent_text(purpose, language),
            text_version=TEXT_VERSION,
            source=source,
        )
        for purpose, given in said.items()
        if purpose in changed or purpose in old
    )
    return changed


def current_choices(address: str, *, since: datetime | None = None) -> dict[Purpose, bool]:
    """The latest choice on each purpose that this address was asked about, made at or after `since`."""
    last = Consent.objects.latest_choices([address_hash(address)])
    return {
        Purpose(purpose): given for (_, purpose), (given, at) in last.items() if since is None or at >= since
    }


def carry_over(old: str, new: str, source: ConsentSource, *, since: datetime | None = None) -> None:
    """Record the choices of the old address (made at or after `since`) for the new one."""
    if old != new:
        record_choices(new, current_choices(old, since=since), source, since=since)


def choices_by_address(addresses: Collection[str]) -> dict[str, dict[str, bool]]:
    """The current choices of each of these addresses, by purpose. One query."""
    owners = {address_hash(address): address for address in addresses}
    said: dict[str, dict[str, bool]] = {address: {} for address in addresses}
    for (owner, purpose), given in Consent.objects.current(list(owners)).items():
        said[owners[owner]][purpose] = given
    return said


def may_contact(said: Mapping[str, bool]) -> bool:
    """Whether a person with these choices may be sent to HubSpot, and so contacted by sales.

    The form says beside the address who receives it, so only an objection forbids it, unless
    HUBSPOT_NEEDS_CONSENT demands explicit consent: docs/privacy.md.
    """
    return said.get(Purpose.FOLLOW_UP, not config.HUBSPOT_NEEDS_CONSENT)


def ticked_choices(purposes: Iterable[str]) -> dict[Purpose, bool]:
    """Ticked boxes as `record_choices` takes them; unknown purposes are ignored."""
    return {Purpose(purpose): True for purpose in purposes if purpose in Purpose.values}
