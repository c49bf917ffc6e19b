"""The settings of uploads, from the environment: the store, the largest size, the virus scanner."""

import re
from pathlib import Path
from typing import Any

SCANNER = re.compile(r"tcp://[A-Za-z0-9._-]+(:\d{1,5})?|tcp://\[[0-9a-fA-F:]+\](:\d{1,5})?|unix:///\S+")


def scanner(env: Any) -> str:
    """The address of clamd; '' for none. `env`: config/environment.py, which ends on a wrong value."""
    address: str = env.text("CLAMAV_URL")
    if address and not SCANNER.fullmatch(address):
        fix = "Set it to tcp://host:3310 or unix:///path/to/clamd.sock."
        env.refuse_start("CLAMAV_URL", "names no clamd", fix)
    return address


def store(env: Any) -> dict[str, Any]:
    """The store of uploads, as an entry of STORAGES."""
    kind = env.choice("UPLOADS_STORAGE", "database", ("database", "directory", "s3"))
    return {"database": in_database, "directory": in_directory, "s3": in_s3}[kind](env)


def in_database(env: Any) -> dict[str, Any]:
    return {"BACKEND": "files.database_storage.DatabaseStorage"}


def in_directory(env: Any) -> dict[str, Any]:
    directory = Path(env.BASE_DIR, env.text("UPLOADS_DIRECTORY", "uploads"))
    if directory.is_file() or not directory.parent.is_dir():
        env.refuse_start(
            "UPLOADS_DIRECTORY", "is a file, or in a directory that is not there", "Name another."
        )
    options = {
        "location": str(directory),
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def in_s3(env: Any) -> dict[str, Any]:
    """A bucket of Amazon's, or of another S3-compatible store at UPLOADS_S3_ENDPOINT."""
    bucket, key = env.text("UPLOADS_S3_BUCKET"), env.secret("UPLOADS_S3_ACCESS_KEY")
    secret = env.secret("UPLOADS_S3_SECRET_KEY")
    if not bucket:
        env.refuse_start("UPLOADS_S3_BUCKET", "is missing", "Set it to the bucket that takes the uploads.")
    if bool(key) != bool(secret):
        missing = "UPLOADS_S3_SECRET_KEY" if key else "UPLOADS_S3_ACCESS_KEY"
        env.refuse_start(missing, "is missing", "Set both keys, or neither where the machine has a role.")
    endpoint = env.text("UPLOADS_S3_ENDPOINT")
    if endpoint:
        example = "https://s3.example.com"
        endpoint = env.url("UPLOADS_S3_ENDPOINT", "", schemes=("https", "http"), example=example)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": key or None,
            "secret_key": secret or None,
            "endpoint_url": endpoint or None,
            "region_name": env.text("UPLOADS_S3_REGION") or None,
            "default_acl": None,
            "file_overwrite": True,  # names are random: no need to ask for a free one
        },
    }
