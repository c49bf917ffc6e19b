"""E-mail addresses as keys: one canonical form, and a keyed hash where no address may be stored."""

import hashlib
import hmac

from django.conf import settings


def canonical_address(address: str) -> str:
    """The form in which an address is stored, compared, encrypted, hashed and sent to."""
    return address.strip().lower()


def address_hash(address: str, within: object = "") -> str:
    """HMAC-SHA-256 of the canonical address, as 64 hex digits; of it `within` a row, if one is named.

    Whoever has ADDRESS_HASH_KEY recognises an address they know; nobody else can guess one. The key is in the
    settings and in no database: docs/privacy.md.
    """
    key = settings.ADDRESS_HASH_KEY.encode()
    text = canonical_address(address) + (f"\n{within}" if within else "")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
