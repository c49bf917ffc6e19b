"""E-mail addresses as keys: one canonical form, and a keyed hash where no address may be stored.

One mailbox has many spellings: capitals, a domain in Unicode or in ASCII (IDNA 2008, RFC 5891), full-width
letters of a Japanese keyboard. The canonical form is in lower case and NFC, with the domain in ASCII.
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
MOST_LOCAL = 64  # letters before the @, RFC 5321
is_address = EmailValidator(allowlist=[])  # localhost is nobody's


class InvalidAddress(ValueError):
    """Nothing that mail can be sent to. `reason` is `letters` when some before the @ are not ASCII."""

    def __init__(self, reason: str = "invalid") -> None:
        super().__init__(f"No e-mail address: {reason}")
        self.reason = reason


def parse_address(text: str) -> str:
    """The canonical address in what somebody typed or pasted: `Name <address>` and `mailto:` are taken apart.

    Raises InvalidAddress.
    """
    found = unicodedata.normalize("NFKC", text).strip()  # full-width letters and signs become plain ones
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
    """The form in which an address is stored, compared, encrypted, hashed and sent to. Idempotent."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """`xn--mller-kva.example` for `müller.example`; what is no domain name stays as it is."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain


def readable_address(address: str) -> str:
    """The same with its domain as people write it: for showing only."""
    local, at, domain = address.rpartition("@")
    if "xn--" not in domain:
        return address
    try:
        return f"{local}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


def spellings(address: str) -> Iterator[str]:
    """The canonical form, and the one with a Unicode domain in which releases until 0.1 stored it."""
    canonical = canonical_address(address)
    yield canonical
    if (readable := readable_address(canonical)) != canonical:
        yield readable


def address_hash(address: str, within: object = "") -> str:
    """HMAC-SHA-256 of the canonical address, as 64 hex digits; of it `within` a row, if one is named.

    Whoever has ADDRESS_HASH_KEY recognises an address they know; nobody else can guess one. The key is in the
    settings and in no database: docs/privacy.md.
    """
    return hash_text(canonical_address(address) + (f"\n{within}" if within else ""))


def stored_hashes(address: str) -> list[str]:
    """Every hash under which rows about this address may be stored: one for each of its spellings."""
    return [hash_text(spelling) for spelling in spellings(address)]


def hash_text(text: str) -> str:
    return hmac.new(settings.ADDRESS_HASH_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
