"""Encryption of personal values: whoever has the database, or a backup of it, but not the key has nothing.

AES-256 in SIV mode (RFC 5297). With a random nonce, equal values look different. Without one, equal values
look the same: that serves e-mail addresses, which must be found again. Their first sixteen bytes are a keyed
hash of the address, and nobody without the key can compute it.

A sealed value says which key sealed it. The first of FIELD_ENCRYPTION_KEYS seals, all unseal; a value
without the mark was written before there was a key, and is read as it is.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

NONE = "none"  # in the place of the first key: nothing more is sealed
MARK = "\x01"  # no form lets it in
NONCE_BYTES = 16
PURPOSE = b"reality-check field encryption 1:"


class KeyMissing(Exception):
    """A value was sealed with a key that FIELD_ENCRYPTION_KEYS does not hold, or was tampered with."""


class Key:
    def __init__(self, secret: str) -> None:
        derived = hashlib.sha512(PURPOSE + secret.encode()).digest()
        self.prefix = f"{MARK}{hashlib.sha256(derived).hexdigest()[:8]}:"
        self._cipher = AESSIV(derived)

    def seal(self, column: str, text: str, *, searchable: bool) -> str:
        nonce = b"" if searchable else secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(text.encode(), bound(column, nonce))
        return self.prefix + base64.urlsafe_b64encode(nonce + sealed).decode()

    def unseal(self, column: str, sealed: str, *, searchable: bool) -> str:
        data = base64.urlsafe_b64decode(sealed.removeprefix(self.prefix))
        start = 0 if searchable else NONCE_BYTES
        return self._cipher.decrypt(data[start:], bound(column, data[:start])).decode()


def bound(column: str, nonce: bytes) -> list[bytes]:
    """What a sealed value belongs to: one that is moved to another column is refused."""
    return [column.encode(), *([nonce] if nonce else [])]


@dataclass(frozen=True)
class Ring:
    """The keys, newest first. Without the first one to seal with, values are kept as they are."""

    keys: Sequence[Key]
    sealing: bool = True

    @property
    def prefix(self) -> str:
        """How every value begins that is sealed as it should be; '' when none should be."""
        return self.keys[0].prefix if self.sealing else ""

    def seal(self, column: str, text: str, *, searchable: bool) -> str:
        if not self.sealing or not text:
            return text.lstrip(MARK)
        return self.keys[0].seal(column, text, searchable=searchable)

    def unseal(self, column: str, kept: str, *, searchable: bool) -> str:
        """The value that was sealed. Raises KeyMissing."""
        if not kept.startswith(MARK):
            return kept
        for key in self.keys:
            if kept.startswith(key.prefix):
                try:
                    return key.unseal(column, kept, searchable=searchable)
                except (InvalidTag, ValueError) as error:
                    raise KeyMissing("A sealed value was changed") from error
        raise KeyMissing(f"FIELD_ENCRYPTION_KEYS lacks the key {kept[1:9]}")

    def looks(self, column: str, text: str) -> list[str]:
        """Every way in which a searchable value may be kept: under each key, and without one."""
        return [text, *(key.seal(column, text, searchable=True) for key in self.keys if text)]


@lru_cache(maxsize=8)
def ring_of(secrets_in_order: tuple[str, ...]) -> Ring:
    keys = [Key(secret) for secret in secrets_in_order if secret != NONE]
    return Ring(keys, sealing=secrets_in_order[0] != NONE)


def ring() -> Ring:
    """The keys of the settings."""
    return ring_of(tuple(settings.FIELD_ENCRYPTION_KEYS))
