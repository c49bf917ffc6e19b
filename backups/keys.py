"""Keys of backups: age's format, a public key to make them and a secret file to open them.

What a backup needs beside itself is listed by name and fingerprint, never by value.
"""

import hashlib
import os
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings

from backups.errors import BackupError
from encryption.keys import key_ring

PROBE_COLUMN = "backups.probe"
PROBE = "opens"


def recipient() -> Any:
    """The public key that backups are encrypted for. Raises BackupError."""
    given = settings.BACKUPS.recipient
    if not given:
        raise BackupError(
            "BACKUP_RECIPIENT is not set, and no backup is made in plain text. "
            "`script/backup --new-key FILE` makes a pair of keys."
        )
    try:
        return pyrage.x25519.Recipient.from_str(given)
    except pyrage.RecipientError:
        raise BackupError("BACKUP_RECIPIENT is no public key of age: it was cut off or mistyped.") from None


def identity(file: str = "") -> Any:
    """The secret key, from a file as age-keygen writes it. Raises BackupError."""
    path = file or settings.BACKUPS.identity_file
    if not path:
        raise BackupError("BACKUP_IDENTITY_FILE is not set: name the file that holds the secret key.")
    try:
        lines = Path(path).read_text().split()
    except (OSError, UnicodeDecodeError):
        raise BackupError(f"{path} cannot be read: name the file that holds the secret key.") from None
    for word in lines:
        if word.startswith("AGE-SECRET-KEY-"):
            try:
                return pyrage.x25519.Identity.from_str(word)
            except pyrage.IdentityError:
                break
    raise BackupError(f"{path} holds no secret key of age.")


def write_new_key(path: Path) -> str:
    """Make a pair of keys; the secret one goes into a new file of mode 0600, the public one is returned."""
    made = pyrage.x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"{path} cannot be created: {error.strerror}. No key is overwritten.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {made.to_public()}\n{made}\n")
    return str(made.to_public())


def encrypt(source: IO[bytes], target: IO[bytes], key: Any) -> None:
    """Raises BackupError when the target takes no more."""
    try:
        pyrage.encrypt_io(source, target, [key])
    except pyrage.EncryptError as error:
        raise BackupError(
            f"Nothing can be encrypted: {str(error).rpartition('] ')[2]}. Free space in the directory of "
            "temporary files, or name another one in TMPDIR."
        ) from None


def decrypt(source: Path, target: Path, key: Any) -> None:
    """Raises BackupError for another key, and for a file that was changed or cut off."""
    try:
        with source.open("rb") as encrypted, target.open("wb") as plain:
            target.chmod(0o600)
            pyrage.decrypt_io(encrypted, plain, [key])
    except pyrage.DecryptError as error:
        wrong = "No matching keys" in str(error)
        reason = "was made for another key" if wrong else "is damaged"
        raise BackupError(
            f"{source.name} {reason}. See BACKUP_IDENTITY_FILE, and `keys` of its manifest."
        ) from None
    except OSError as error:
        raise BackupError(
            f"{source.name} cannot be decrypted: {error.strerror or 'it is damaged'}."
        ) from None


def fingerprint(secret: str) -> str:
    return hashlib.sha256(b"fingerprint of a key: " + secret.encode()).hexdigest()[:12]


def keys_needed() -> dict[str, list[str]]:
    """{setting: fingerprints} of all that a restored database needs to be readable."""
    sealing = [key for key in settings.FIELD_ENCRYPTION_KEYS if key != "none"]
    return {
        "BACKUP_IDENTITY_FILE": [settings.BACKUPS.recipient],
        "FIELD_ENCRYPTION_KEYS": [fingerprint(key) for key in sealing],
        "ADDRESS_HASH_KEY": [fingerprint(settings.ADDRESS_HASH_KEY)],
        "SECRET_KEY": [fingerprint(settings.SECRET_KEY)],
    }


def sealed_probe() -> str:
    """A word sealed like personal columns: whether it opens tells whether they do."""
    return key_ring().encrypt(PROBE_COLUMN, PROBE, searchable=False)


def probe_opens(sealed: str) -> bool:
    return key_ring().decrypt(PROBE_COLUMN, sealed, searchable=False) == PROBE
