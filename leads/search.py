"""Search leads in Python, because names, companies and phone numbers are encrypted in the database.

Only leads within their retention still have contact details to decrypt: thirty days' worth, not the whole
history. `MOST` bounds the cost of one search. An exact e-mail address is looked up in SQL, at any age.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from assessments.models.assessment import Assessment
from assessments.models.contact import CONTACT_FIELDS
from encryption.email_addresses import bare_address
from leads.folding import holds_words, is_phone, same_phone, search_keys

MOST = 20_000  # newest leads decrypted per search; takes about a second
OTHER_FIELDS = ("referrer_source", "utm", "score_category")


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search. `since`: only leads from then on were searched; None when all were."""

    keys: list[UUID]
    since: datetime | None


def search_leads(words: str) -> Found:
    """Return leads with this exact address, or with every word in their details, source or category."""
    exact = Assessment.objects.leads().of_address(bare_address(words)).values_list("pk", flat=True)
    identified = Assessment.objects.leads().filter(email_scrubbed_at__isnull=True)
    newest_first = identified.order_by("-completed_at")
    rows = newest_first.values_list("pk", "completed_at", *CONTACT_FIELDS, *OTHER_FIELDS)[: MOST + 1]
    keys, since = list(exact), None
    for number, (key, completed_at, *fields) in enumerate(rows):
        if number == MOST:
            break
        since = completed_at
        if key not in keys and matches(words, *fields):
            keys.append(key)
    return Found(keys, since if len(rows) > MOST else None)


def matches(
    words: str,
    email: str | None,
    first_name: str | None,
    last_name: str | None,
    company: str | None,
    phone: str | None,
    referrer: str | None,
    utm: dict[str, str],
    category: str | None,
) -> bool:
    if is_phone(words):
        return same_phone(phone or "", words)
    details = (email, first_name, last_name, company, phone, referrer, *utm.values(), category)
    text = search_keys(" ".join(str(detail) for detail in details if detail))
    return holds_words(text, words)
