"""E-mail addresses as look-up keys: a canonical form, and a keyed hash where no address may be stored.

One mailbox has many spellings: capitals, a domain in Unicode or in ASCII (IDNA 2008, RFC 5891), full-width
letters from a Japanese keyboard. The canonical form is lower case and NFC, with the domain in ASCII.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

NAMED = re.compile(r"<([^<>]*)>\s*$")  # Ada Lovelace <ada@engines.example>
MOST_LOCAL = 64  # characters before the @, RFC 5321
is_address = EmailValidator(allowlist=[])  # rejects localhost, which the default allows


class InvalidAddress(ValueError):
    """Not a deliverable address. `reason` is `letters` when the local part is not ASCII."""

    def __init__(self, reason: str = "invalid") -> None:
        super().__init__(f"No e-mail address: {reason}")
        self.reason = reason


def parse_address(text: str) -> str:
    """Parse user input into a canonical address, accepting `Name <address>` and `mailto:`.

    Raises InvalidAddress.
    """
    found = unicodedata.normalize("NFKC", text).strip()  # full-width characters become ASCII
    if named := NAMED.search(found):
        found = named[1].strip()
    if found.lower().startswith("mailto:"):
        found = found[len("mailto:") :].partition("?")[0]
    address = canonical_address(found)
    local = address.rpartition("@")[0]
    if local and not local.isascii():
        raise InvalidAddress("letters")
    try:
        is_address(address)
    except ValidationError:
        raise InvalidAddress from None
    if len(local) > MOST_LOCAL or address.endswith("]"):
        raise InvalidAddress
    return address


def canonical_address(address: str) -> str:
    """Return the form in which an address is stored, compared, encrypted, hashed and mailed. Idempotent."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """Return `xn--mller-kva.example` for `müller.example`; an invalid domain is returned unchanged."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def readable_address(address: str) -> str:
    """Return the address with a Unicode domain, for display only."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def stored_spellings(address: str) -> Iterator[str]:
    """Yield the canonical form, and the form with a Unicode domain that releases until 0.1 stored."""
    canonical = canonical_address(address)
    yield canonical
    if (readable := readable_address(canonical)) != canonical:
        yield readable


def address_hash(address: str, within: object = "") -> str:
    """Return the HMAC-SHA-256 of the canonical address as 64 hex digits, scoped to the row `within` if given.

    With ADDRESS_HASH_KEY a known address can be matched, but without it none can be guessed. The key is in
    the settings, never in a database: docs/privacy.md.
    """
    return hash_text(canonical_address(address) + (f"\n{within}" if within else ""))


def stored_hashes(address: str) -> list[str]:
    """Return every hash under which rows about this address may be stored, one per spelling."""
    return [hash_text(spelling) for spelling in stored_spellings(address)]


def hash_text(text: str) -> str:
    return hmac.new(settings.ADDRESS_HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
