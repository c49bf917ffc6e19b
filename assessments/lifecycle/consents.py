"""Asking for consent, and keeping what was said: the words, their version, and who may be told what.

Each purpose stands alone and nothing is ticked beforehand. A box left empty says nothing; what was given
before is taken back on the privacy page, by the API or by telling a member of staff.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from constance import config
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Consent, Purpose, Source
from encryption.email_addresses import address_hash
from web.languages import spoken

VERSION = "2026-11"

WORDS = {
    Purpose.RESULT: _("Send me my result by e-mail, once."),
    Purpose.FOLLOW_UP: _("You may contact me about my result."),
    Purpose.MARKETING: _("Send me news and offers about AI by e-mail, now and then."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One box: its purpose and the words beside it."""

    purpose: Purpose
    text: str
    version: str = VERSION


def words(purpose: Purpose, language: str = "") -> str:
    """What stands beside the box: in this language, else in the one that is spoken now."""
    with translation.override(language or spoken()):
        return str(WORDS[purpose])


def asked() -> list[Asked]:
    """The boxes of a form as things are set now: nothing is asked that would change nothing."""
    purposes = [Purpose.MARKETING]
    if config.HUBSPOT_NEEDS_CONSENT:
        purposes.insert(0, Purpose.FOLLOW_UP)
    if settings.MAIL_IS_SET_UP:
        purposes.insert(0, Purpose.RESULT)
    return [Asked(purpose, words(purpose)) for purpose in purposes]


def record(
    address: str,
    said: Mapping[Purpose, bool],
    source: Source,
    *,
    language: str = "",
    since: datetime | None = None,
) -> set[Purpose]:
    """Keep what was said, where it is something new, in the words that were read; the purposes that changed.

    `language` is the one in which the page was shown; by default the one that is spoken now.
    What was last said before `since` is kept anew: so whoever looks at `standing(since=...)` reads what he
    said himself, and not by its absence what somebody else said under the same address.
    """
    owner = address_hash(address)
    last = Consent.objects.last_words([owner])
    # To take back what was never given is an objection, and worth a line.
    changed = {
        purpose for purpose, given in said.items() if last.get((owner, purpose), (None,))[0] is not given
    }
    old = {purpose for (_, purpose), (_, at) in last.items() if since and at < since}
    Consent.objects.bulk_create(
        Consent(
            address_hash=owner,
            purpose=purpose,
            given=given,
            text=words(purpose, language),
            text_version=VERSION,
            source=source,
        )
        for purpose, given in said.items()
        if purpose in changed or purpose in old
    )
    return changed


def standing(address: str, *, since: datetime | None = None) -> dict[Purpose, bool]:
    """The last word of this person on each purpose that she was asked about, if it was said `since` then."""
    last = Consent.objects.last_words([address_hash(address)])
    return {
        Purpose(purpose): given for (_, purpose), (given, at) in last.items() if since is None or at >= since
    }


def carry_over(old: str, new: str, source: Source, *, since: datetime | None = None) -> None:
    """The person has another address: what she said, since then, holds for that."""
    if old != new:
        record(new, standing(old, since=since), source, since=since)


def said_by(addresses: Collection[str]) -> dict[str, dict[str, bool]]:
    """What stands of each of these addresses, by purpose. One query."""
    owners = {address_hash(address): address for address in addresses}
    said: dict[str, dict[str, bool]] = {address: {} for address in addresses}
    for (owner, purpose), given in Consent.objects.standing(list(owners)).items():
        said[owners[owner]][purpose] = given
    return said


def follow_up(said: Mapping[str, bool]) -> bool:
    """Whether HubSpot, and so sales, may be told of a person who said so much.

    Whoever leaves an address is told on the first page that sales will answer, so only an objection stops
    that, unless HUBSPOT_NEEDS_CONSENT asks for a word of consent first: docs/privacy.md.
    """
    return said.get(Purpose.FOLLOW_UP, not config.HUBSPOT_NEEDS_CONSENT)


def given(purposes: Iterable[str]) -> dict[Purpose, bool]:
    """Ticked boxes as `record` takes them; a purpose that we do not know is none."""
    return {Purpose(purpose): True for purpose in purposes if purpose in Purpose.values}
