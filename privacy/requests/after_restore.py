"""After restoring a backup, repeat every erasure made since the backup.

The suppression list is in the database and is restored with it, so entries since the backup are missing. They
are imported from the log lines `erased HASH TIME` that every erasure writes, or from the saved output of
`suppress_restored --list`.
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
    """Yield the suppression list as text: one line `erased HASH TIME` per address."""
    for line in SuppressedAddress.objects.active().order_by("erased_at"):
        yield f"erased {line.address_hash} {line.erased_at.isoformat()}"


def import_erasures(text: Iterable[str]) -> int:
    """Import suppression entries found anywhere in these lines; return how many changed the list."""
    latest: dict[str, datetime] = {}
    for line in text:
        for owner, moment in LINE.findall(line):
            erased_at = datetime.fromisoformat(moment)
            latest[owner] = max(erased_at, latest.get(owner, erased_at))
    return sum(merge_erasure(owner, erased_at) for owner, erased_at in latest.items())


def merge_erasure(owner: str, erased_at: datetime) -> bool:
    """Add or update an entry by its address hash; True when that changed the list."""
    row, made = SuppressedAddress.objects.get_or_create(address_hash=owner, defaults={"erased_at": erased_at})
    if made or row.erased_at >= erased_at:
        return made
    SuppressedAddress.objects.filter(pk=row.pk).update(erased_at=erased_at, lifted_at=None)
    return True


def addresses_to_erase_again() -> list[str]:
    """Return addresses with an assessment older than their erasure: only a restore leaves such rows."""
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
    """Erase everyone whom a restore brought back; return the number of people."""
    found = addresses_to_erase_again()
    for address in found:
        erase(address, asked_by="restore")
    return len(found)
