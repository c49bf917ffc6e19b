"""E-mail addresses as keys: folded alike everywhere, and as a keyed hash where the address must not stay."""

import hashlib
import hmac

from django.conf import settings


def fold(address: str) -> str:
    """One spelling for one mailbox, as every system folds it that we hand addresses to."""
    return address.strip().lower()


def address_hash(address: str) -> str:
    """64 hex digits. With the key, a known address can be recognised; without it, none can be guessed.

    The key is a setting and in no database: docs/privacy.md.
    """
    return hmac.new(settings.ADDRESS_HASH_KEY.encode(), fold(address).encode(), hashlib.sha256).hexdigest()
