"""Settings of backups, read from the environment: see docs/backups.md."""

import re
from dataclasses import dataclass
from pathlib import Path

from config import environment as env

PLACE = re.compile(r"/.*|s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?")
AGE_KEY = re.compile(r"age1[a-z0-9]{58}")


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """`to` is a directory or s3://bucket/prefix; '' where none are made."""

    to: str
    recipient: str
    identity_file: str
    directories: tuple[Path, ...]
    keep_days: int
    verify_url: str
    bucket_endpoint: str
    bucket_region: str
    bucket_key_id: str
    bucket_secret: str


def read() -> BackupSettings:
    recipient = env.text("BACKUP_RECIPIENT")
    if recipient and not AGE_KEY.fullmatch(recipient):
        env.refuse_start(
            "BACKUP_RECIPIENT", "is no public key of age", "Set it to what `script/backup --new-key` prints."
        )
    to = env.text("BACKUP_TO")
    if to and not PLACE.fullmatch(to):
        env.refuse_start(
            "BACKUP_TO",
            "is no absolute path or bucket",
            "Set it to /var/backups/assessment or s3://bucket/prefix.",
        )
    return BackupSettings(
        to=to.rstrip("/") or to,
        recipient=recipient,
        identity_file=env.text("BACKUP_IDENTITY_FILE"),
        directories=tuple(Path(each) for each in env.word_list("BACKUP_DIRECTORIES", [])),
        keep_days=env.number("BACKUP_KEEP_DAYS", 30, least=1),
        verify_url=env.text("BACKUP_VERIFY_URL"),
        bucket_endpoint=env.text("BACKUP_BUCKET_ENDPOINT"),
        bucket_region=env.text("BACKUP_BUCKET_REGION", "eu-central-1"),
        bucket_key_id=env.secret("BACKUP_BUCKET_KEY_ID"),
        bucket_secret=env.secret("BACKUP_BUCKET_SECRET"),
    )
