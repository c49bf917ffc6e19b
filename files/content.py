"""Write and read the content of files, each encrypted with a key of its own, whatever the store.

The key stays with whoever names the file, in a sealed column: without it the content is noise. Deleting the
key erases the file at once, also in a store and in backups that are out of reach.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

NONCE_BYTES = 12


class ContentMissing(Exception):
    """The store does not have the file, or what it has is not what was stored."""


def store() -> Storage:
    return storages["uploads"]


def new_key() -> str:
    return base64.urlsafe_b64encode(AESGCM.generate_key(256)).decode()


def new_name() -> str:
    """A name in the store that says nothing about the file."""
    return secrets.token_hex(20)


def write(name: str, key: str, content: bytes) -> None:
    """Store this content under a new name."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(base64.urlsafe_b64decode(key)).encrypt(nonce, content, name.encode())
    store().save(name, ContentFile(nonce + sealed))


def read(name: str, key: str) -> bytes:
    """The content as it was stored. Raises ContentMissing."""
    try:
        with store().open(name) as file:
            sealed = file.read()
        return AESGCM(base64.urlsafe_b64decode(key)).decrypt(
            sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], name.encode()
        )
    except (FileNotFoundError, InvalidTag, ValueError) as error:
        raise ContentMissing(name) from error


def remove(name: str) -> None:
    """Remove what is stored under this name, if anything is."""
    store().delete(name)
