"""E-mail addresses as look-up keys: a canonical form, and a keyed hash where no address may be stored.

One mailbox has many spellings: capitals, a domain in Unicode or in ASCII (IDNA 2008, RFC 5891), full-width
letters from a Japanese keyboard. The canonical form is lower case and NFC, with the domain in ASCII.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import unquote

import idna
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

NAMED = re.compile(r"<([^<>]*)>\s*$")  # Ada Lovelace <ada@engines.example>
COMMENT = re.compile(r"\([^()]*\)")  # ada@engines.example (office), RFC 5322
QUOTED = re.compile(r"""(?P<open>["'\u201c\u201e\u2018\u201a\u00ab])(.*)["'\u201c\u201d\u2018\u2019\u00bb]""")
QUOTED_LOCAL = re.compile(r'"([^"\\]*)"@')  # the same mailbox as without quotes, RFC 5321
BRACKET = re.compile(r"^<|>$")  # of a copy that lost its other half
LABEL = re.compile(r"^e-?mail\s*:\s*", re.IGNORECASE)  # of a signature
SPACE = re.compile(r"(?<=@)\s+|\s+(?=@)")  # put in by the keyboards of phones
TYPOGRAPHY = str.maketrans("\u2018\u2019\u2010\u2011\u2012\u2013", "''----")  # put in by text editors
JOINERS = "\u200c\u200d"  # IDNA 2008 knows them inside some words; elsewhere they are invisible
INVISIBLE = re.compile(
    r"[\x01-\x08\x0e-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
END_OF_SENTENCE = ".,;: \u3002"
LONGEST_INPUT = 1000  # characters with name, scheme and comments
MOST_LOCAL, MOST = 64, 254  # characters before the @ and in all, RFC 5321
is_address = EmailValidator(allowlist=[])  # rejects localhost, which the default allows


class InvalidAddress(ValueError):
    """Not a deliverable address. `reason` is `letters` when the local part is not ASCII."""

    def __init__(self, reason: str = "invalid") -> None:
        super().__init__(f"No e-mail address: {reason}")
        self.reason = reason


def parse_address(text: str) -> str:
    """Parse user input into a canonical address, accepting `Name <address>`, `mailto:`, quotes and comments.

    Raises InvalidAddress.
    """
    if len(text) > LONGEST_INPUT:
        raise InvalidAddress
    address = canonical_address(QUOTED_LOCAL.sub(r"\1@", bare_address(text)))
    local = address.rpartition("@")[0]
    if local and not local.isascii():
        raise InvalidAddress("letters")
    try:
        is_address(address)
    except ValidationError:
        raise InvalidAddress from None
    if len(local) > MOST_LOCAL or len(address) > MOST or address.endswith("]") or '"' in local:
        raise InvalidAddress
    if not address.isascii():  # a domain that IDNA 2008 does not know
        raise InvalidAddress
    return address


def bare_address(text: str) -> str:
    """The address without the name, scheme, comments, quotes and punctuation that were copied with it."""
    found = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))  # full-width characters become ASCII
    found = COMMENT.sub("", found).strip().rstrip(END_OF_SENTENCE)
    if named := NAMED.search(found):
        found = named[1].strip()
    if found.lower().startswith("mailto:"):
        found = bare_address(unquote(found[len("mailto:") :].lstrip("/").partition("?")[0]))
    if quoted := QUOTED.fullmatch(found):
        found = quoted[2].strip()
    found = SPACE.sub("", BRACKET.sub("", LABEL.sub("", found)).rstrip(END_OF_SENTENCE))
    local, at, domain = found.rpartition("@")
    return f"{without_joiners(local).translate(TYPOGRAPHY)}{at}{domain}"


def without_joiners(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, JOINERS)))


def canonical_address(address: str) -> str:
    """Return the form in which an address is stored, compared, encrypted, hashed and mailed. Idempotent."""
    local, at, domain = unicodedata.normalize("NFC", address).strip().lower().rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def mailbox_of(address: str) -> str:
    """Return the address without a `+tag`, at Gmail also without dots: many addresses reach one person.

    For limits only. Servers may tell such addresses apart, so nobody's data is looked up by it.
    """
    local, at, domain = canonical_address(address).rpartition("@")
    name = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}{at}{domain}"


def ascii_domain(domain: str) -> str:
    """Return `xn--mller-kva.example` for `müller.example`; an invalid domain is returned unchanged."""
    if domain.isascii():
        return domain
    for meant in (domain, without_joiners(domain)):
        with suppress(idna.IDNAError):
            return idna.encode(meant, uts46=True).decode()
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
    return hmac.digest(settings.ADDRESS_HASH_KEY.encode(), text.encode(), "sha256").hex()
