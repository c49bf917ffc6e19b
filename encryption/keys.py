"""Column encryption: a copy of the database is useless without FIELD_ENCRYPTION_KEYS.

AES-256 in SIV mode (RFC 5297). Most values get a random nonce, so that equal values look different. E-mail
addresses get none, because they must be searchable: equal addresses have equal ciphertexts, whose first
sixteen bytes are a keyed hash of the address.

An encrypted value names its key. The first of FIELD_ENCRYPTION_KEYS encrypts, all of them decrypt. A value
without the mark predates encryption and is returned unchanged.

Long values that are never searched by are bytes: AES-256-GCM, many times as fast.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from django.conf import settings

NONE = "none"  # as the first key: store new values in plain text
MARK = "\x01"  # prefix of every encrypted value; forms reject it as input
NONCE_BYTES = 16
BYTES_NONCE_BYTES = 12
PURPOSE = b"reality-check field encryption 1:"


class KeyMissing(Exception):
    """The key of a value is not in FIELD_ENCRYPTION_KEYS, or the value was tampered with."""


class Key:
    """One AES-SIV key, derived from a secret; `prefix` marks the values that it encrypted."""

    def __init__(self, secret: str) -> None:
        derived = hashlib.sha512(PURPOSE + secret.encode()).digest()
        self.prefix = f"{MARK}{hashlib.sha256(derived).hexdigest()[:8]}:"
        self._cipher = AESSIV(derived)
        self._bytes_cipher = AESGCM(hashlib.sha256(b"bytes:" + derived).digest())

    def encrypt(self, column: str, text: str, *, searchable: bool) -> str:
        nonce = b"" if searchable else secrets.token_bytes(NONCE_BYTES)
        encrypted = self._cipher.encrypt(text.encode(), associated_data(column, nonce))
        return self.prefix + base64.urlsafe_b64encode(nonce + encrypted).decode()

    def decrypt(self, column: str, stored: str, *, searchable: bool) -> str:
        data = base64.urlsafe_b64decode(stored.removeprefix(self.prefix))
        start = 0 if searchable else NONCE_BYTES
        return self._cipher.decrypt(data[start:], associated_data(column, data[:start])).decode()

    def encrypt_bytes(self, column: str, data: bytes) -> bytes:
        nonce = secrets.token_bytes(BYTES_NONCE_BYTES)
        return self.prefix.encode() + nonce + self._bytes_cipher.encrypt(nonce, data, column.encode())

    def decrypt_bytes(self, column: str, stored: bytes) -> bytes:
        start = len(self.prefix) + BYTES_NONCE_BYTES
        nonce = stored[len(self.prefix) : start]
        return self._bytes_cipher.decrypt(nonce, stored[start:], column.encode())


def associated_data(column: str, nonce: bytes) -> list[bytes]:
    """Bind a ciphertext to its column, so that it does not decrypt when copied into another column."""
    return [column.encode(), *([nonce] if nonce else [])]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys, newest first. When not `encrypting`, new values are stored in plain text."""

    keys: Sequence[Key]
    encrypting: bool = True

    @property
    def prefix(self) -> str:
        """Return the prefix of values encrypted with the first key; '' when encryption is off."""
        return self.keys[0].prefix if self.encrypting else ""

    def encrypt(self, column: str, text: str, *, searchable: bool) -> str:
        if not self.encrypting or not text:
            return text.lstrip(MARK)
        return self.keys[0].encrypt(column, text, searchable=searchable)

    def decrypt(self, column: str, stored: str, *, searchable: bool) -> str:
        """Return the plain text of a stored value. Raises KeyMissing."""
        if not stored.startswith(MARK):
            return stored
        for key in self.keys:
            if stored.startswith(key.prefix):
                try:
                    return key.decrypt(column, stored, searchable=searchable)
                except (InvalidTag, ValueError) as error:
                    raise KeyMissing("An encrypted value was changed") from error
        raise KeyMissing(f"FIELD_ENCRYPTION_KEYS lacks the key {stored[1:9]}")

    def encrypt_bytes(self, column: str, data: bytes) -> bytes:
        return self.keys[0].encrypt_bytes(column, data) if self.encrypting else data

    def decrypt_bytes(self, column: str, stored: bytes) -> bytes:
        """Return the plain bytes of a stored value. Raises KeyMissing."""
        if not stored.startswith(MARK.encode()):
            return stored
        for key in self.keys:
            if stored.startswith(key.prefix.encode()):
                try:
                    return key.decrypt_bytes(column, stored)
                except InvalidTag as error:
                    raise KeyMissing("An encrypted value was changed") from error
        raise KeyMissing("FIELD_ENCRYPTION_KEYS lacks the key of these bytes")

    def stored_forms(self, column: str, text: str) -> list[str]:
        """Return every form in which a searchable value may be stored: plain text, and under each key."""
        return [text, *(key.encrypt(column, text, searchable=True) for key in self.keys if text)]


@lru_cache(maxsize=8)
def key_ring_of(secrets_in_order: tuple[str, ...]) -> KeyRing:
    keys = [Key(secret) for secret in secrets_in_order if secret != NONE]
    return KeyRing(keys, encrypting=secrets_in_order[0] != NONE)


def key_ring() -> KeyRing:
    """Return the key ring of the settings."""
    return key_ring_of(tuple(settings.FIELD_ENCRYPTION_KEYS))
