"""After a restore: whoever was erased since the backup was made is erased again.

The list of erased addresses lies in the database and goes back with it. Every erasure also writes a log line,
`erased HASH TIME`; those lines, or what `suppress_restored --list` printed before, bring the list up to date.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import F

from assessments.models import Assessment, AssessmentSession, SuppressedAddress
from encryption.email_addresses import address_hash
from privacy.requests.erasure import erase

LINE = re.compile(r"erased ([0-9a-f]{64}) (\d{4}-\d\d-\d\dT[\d:.]+(?:\+00:00|Z))")


def list_erasures() -> Iterator[str]:
    """The list as text: `erased HASH TIME` for each address that must not come back."""
    for line in SuppressedAddress.objects.active().order_by("erased_at"):
        yield f"erased {line.address_hash} {line.erased_at.isoformat()}"


def import_erasures(text: Iterable[str]) -> int:
    """Put what these lines say on the list, whatever stands around it; how many were new to it."""
    latest: dict[str, datetime] = {}
    for line in text:
        for owner, moment in LINE.findall(line):
            erased_at = datetime.fromisoformat(moment)
            latest[owner] = max(erased_at, latest.get(owner, erased_at))
    return sum(merge_erasure(owner, erased_at) for owner, erased_at in latest.items())


def merge_erasure(owner: str, erased_at: datetime) -> bool:
    row, made = SuppressedAddress.objects.get_or_create(address_hash=owner, defaults={"erased_at": erased_at})
    if made or row.erased_at >= erased_at:
        return made
    SuppressedAddress.objects.filter(pk=row.pk).update(erased_at=erased_at, lifted_at=None)
    return True


def addresses_to_erase_again() -> list[str]:
    """Addresses with a run that is older than their erasure: only a restored backup has such."""
    erased = dict(SuppressedAddress.objects.values_list("address_hash", "erased_at"))
    here = Assessment.objects.filter(email__isnull=False).values_list("email", "created_at")
    sessions = AssessmentSession.objects.filter(email__isnull=False)
    in_sessions = sessions.annotate(begun=F("assessment__created_at")).values_list("email", "begun")
    return sorted(
        {
            address
            for address, created_at in [*here.iterator(), *in_sessions.iterator()]
            if address and (moment := erased.get(address_hash(address))) and created_at < moment
        }
    )


def erase_again() -> int:
    """Erase whoever came back with a backup; how many people."""
    found = addresses_to_erase_again()
    for address in found:
        erase(address, asked_by="restore")
    return len(found)
