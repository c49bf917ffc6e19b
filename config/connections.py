"""Parsing of what names other services: PostgreSQL, Redis, mail server, virus scanner, the store of uploads.

An invalid URL ends the process with a one-line message that does not quote it, as it contains a password.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

import environ
from psycopg.pq import Conninfo

from config import environment as env
from config.environment import SWITCH, refuse_start

FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl", "passfile")
NUMBERS = {"connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"}
IN_THE_ADDRESS = {"dbname", "user", "password", "port"}
LIBPQ_OPTIONS = {option.keyword.decode() for option in Conninfo.get_defaults()}
REDIS_OPTIONS = {
    "ssl_cert_reqs",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_certfile",
    "ssl_keyfile",
    "ssl_check_hostname",
}
LEAVE_OUT = "Leave it out."
# Else a trigger plans its statements anew for each row, at four times the cost of executing them: PostgreSQL
# expects to save more by knowing the values of the row. And it expects a disk that turns, where a page out of
# order costs four times one in order: then it reads whole tables where an index has all that is wanted. And
# other processes help to count two thousand leads, which takes them longer to begin than one alone to end.
PLANS = "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 -c parallel_setup_cost=10000"
# Of psycopg, which without a threshold prepares not even what asks for it: web/databases/statements.py.
NEVER_UNASKED = 2**31
VARIABLE = re.compile(r"\$\{\w+\}|\{\{.*\}\}")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
REDIS_EXAMPLE = "Set it to redis://:password@host:6379/0, or rediss:// for TLS."
CERTIFICATE = {
    **dict.fromkeys(("required", "cert_required"), "required"),
    **dict.fromkeys(("optional", "cert_optional"), "optional"),
    **dict.fromkeys(("none", "cert_none"), "none"),
}
# Scheme to Django's setting and default port.
MAIL_SCHEMES = {
    "smtp": ("", 25),
    "smtp+tls": ("EMAIL_USE_TLS", 587),
    "smtps": ("EMAIL_USE_SSL", 465),
    "smtp+ssl": ("EMAIL_USE_SSL", 465),
}
MAIL_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?|[0-9a-f:]+")
SCANNER = re.compile(r"tcp://[A-Za-z0-9._-]+(:[1-9]\d{0,4})?|tcp://\[[0-9a-fA-F:]+\](:\d{1,5})?|unix:///\S+")
MAIL_EXAMPLE = "Set it to smtp+tls://user:password@host:587 or smtps://user:password@host:465."


def split(name: str, address: str, fix: str) -> SplitResult:
    """Split a URL, and validate its port. A variable in it, which .env does not replace, is refused."""
    if VARIABLE.search(address):
        refuse_start(name, "holds a variable in place of its value", f"Write the value itself. {fix}")
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        refuse_start(name, "cannot be read", f"Percent-encode special characters of the password. {fix}")
    return parts


def database(name: str, address: str, options: str) -> dict[str, Any]:
    """Django's settings for the PostgreSQL URL in setting `name`. Options in the URL override `options`."""
    fix = "Set it to postgresql://user:password@host:5432/name."
    parts = split(name, address, fix)
    if parts.scheme not in ("postgresql", "postgres"):
        refuse_start(name, "does not start with postgresql://", fix)
    if not parts.path.strip("/") or parts.path.count("/") > 1 or parts.fragment:
        refuse_start(name, "names no database, or holds a # that is not written %23", fix)
    if "//" not in address:
        refuse_start(name, "does not start with postgresql://", fix)
    if parts.port == 0:
        refuse_start(name, "has port 0", fix)
    libpq_options(name, parts.query, fix)
    try:
        settings = dict(environ.Env.db_url_config(address))
    except ValueError:
        refuse_start(name, "cannot be read", fix)
    settings["ENGINE"] = "config.postgresql"
    if options:
        given = settings.setdefault("OPTIONS", {}).get("options", "")
        settings["OPTIONS"]["options"] = f"{options} {given}".strip()
        settings["OPTIONS"]["prepare_threshold"] = NEVER_UNASKED
    return settings


def libpq_options(name: str, query: str, fix: str) -> None:
    """Reject options that libpq does not know, or with which no connection is ever made."""
    known_options(name, "PostgreSQL", query, LIBPQ_OPTIONS)
    given = dict(parse_qsl(query))
    if not all(given.get(option, "1").isdecimal() for option in NUMBERS):
        refuse_start(name, "has a number that is none among its options", fix)
    if IN_THE_ADDRESS & given.keys():
        refuse_start(name, "says twice what stands before the ?", fix)
    for option in FILES:
        existing_file(name, given.get(option, ""))
    if given.get("sslmode", SSL_MODES[0]) not in SSL_MODES:
        refuse_start(name, "has an unknown sslmode", f"Use one of: {', '.join(SSL_MODES)}.")


def known_options(name: str, system: str, query: str, known: set[str]) -> None:
    """Reject options that the system does not know; one with an @ may be half a password and is not told."""
    if unknown := dict(parse_qsl(query)).keys() - known:
        told = "" if "@" in query else f": {min(unknown)}"
        refuse_start(name, f"has an option that {system} does not know{told}", LEAVE_OUT)


def existing_file(name: str, path: str) -> None:
    """Reject certificates that are not there: every connection would fail."""
    if path and path != "system" and not Path(path).is_file():
        refuse_start(name, "names a file of certificates that is not there", "Set it to the file of your CA.")


def redis(name: str, address: str) -> str:
    """The URL in a form that both Celery and redis-py understand; TLS always verifies the certificate."""
    if not address:
        refuse_start(name, "is missing", REDIS_EXAMPLE)
    parts = split(name, address, REDIS_EXAMPLE)
    if parts.scheme not in ("redis", "rediss"):
        refuse_start(name, "does not start with redis://", REDIS_EXAMPLE)
    number = parts.path.strip("/")
    if not parts.hostname or parts.fragment or not (number or "0").isdecimal():
        refuse_start(name, "has no host, or a database that is not a number", REDIS_EXAMPLE)
    query = dict(parse_qsl(parts.query))
    if parts.port == 0 or (parts.username and parts.password is None):
        refuse_start(name, "has port 0, or a user without a password", REDIS_EXAMPLE)
    known_options(name, "Redis", parts.query, REDIS_OPTIONS)
    if parts.scheme == "redis":
        if any(key.startswith("ssl_") for key in query):
            refuse_start(name, "asks for certificates without TLS", "Begin it with rediss://.")
        return address
    return parts._replace(query=urlencode(verified(name, query))).geturl()


def verified(name: str, query: dict[str, str]) -> dict[str, str]:
    """The options of a TLS connection, with ssl_cert_reqs as both libraries read it."""
    for file in ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile"):
        existing_file(name, query.get(file, ""))
    if query.get("ssl_check_hostname", "true").lower() not in SWITCH:
        refuse_start(name, "has an ssl_check_hostname that is neither true nor false", LEAVE_OUT)
    wanted = query.get("ssl_cert_reqs", "required").lower()
    if wanted not in CERTIFICATE:
        refuse_start(name, "has an unknown ssl_cert_reqs", "Use required, optional or none.")
    return query | {"ssl_cert_reqs": CERTIFICATE[wanted]}


def redis_database(address: str, number: int) -> str:
    """The URL of another database of the same Redis."""
    return urlsplit(address)._replace(path=f"/{number}").geturl()


def mail(address: str) -> dict[str, Any]:
    """Django's settings for a mail URL; without one, mail is discarded."""
    if not address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = split("EMAIL_URL", address, MAIL_EXAMPLE)
    host = parts.hostname or ""
    if (
        parts.scheme not in MAIL_SCHEMES
        or not MAIL_HOST.fullmatch(host)
        or parts.port == 0
        or parts.path.strip("/")
        or parts.query
    ):
        refuse_start("EMAIL_URL", "cannot be read", MAIL_EXAMPLE)
    security, usual = MAIL_SCHEMES[parts.scheme]
    port = parts.port or usual
    if port == 465 and security != "EMAIL_USE_SSL":
        refuse_start(
            "EMAIL_URL", "asks for STARTTLS or no TLS on port 465", "Begin it with smtps://, or use port 587."
        )
    if port in (25, 587) and security == "EMAIL_USE_SSL":
        refuse_start(
            "EMAIL_URL", f"asks for smtps on port {port}", "Begin it with smtp+tls://, or use port 465."
        )
    if bool(parts.username) != bool(parts.password):
        refuse_start("EMAIL_URL", "has a user without a password, or a password without a user", MAIL_EXAMPLE)
    if port == 587 and parts.password and not security and not is_loopback(host):
        refuse_start("EMAIL_URL", "sends the password on port 587 without TLS", "Begin it with smtp+tls://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **({security: True} if security else {}),
    }


def is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def virus_scanner() -> str:
    """The address of clamd; '' for none."""
    address: str = env.text("CLAMAV_URL")
    fix = "Set it to tcp://host:3310 or unix:///path/to/clamd.sock."
    if address and not (SCANNER.fullmatch(address) and split("CLAMAV_URL", address, fix)):
        refuse_start("CLAMAV_URL", "names no clamd", fix)
    return address


def uploads() -> dict[str, Any]:
    """The store of uploads, as an entry of STORAGES."""
    kind = env.choice("UPLOADS_STORAGE", "database", ("database", "directory", "s3"))
    directory = uploads_in_directory()  # a wrong directory is told before it is used
    if kind == "directory":
        return directory
    return uploads_in_s3() if kind == "s3" else uploads_in_database()


def uploads_in_database() -> dict[str, Any]:
    return {"BACKEND": "files.database_storage.DatabaseStorage"}


def uploads_in_directory() -> dict[str, Any]:
    directory = Path(env.BASE_DIR, env.text("UPLOADS_DIRECTORY", "uploads"))
    if directory.is_file() or not directory.parent.is_dir():
        refuse_start("UPLOADS_DIRECTORY", "is a file, or in a directory that is not there", "Name another.")
    options = {
        "location": str(directory),
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    }
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}


def uploads_in_s3() -> dict[str, Any]:
    """A bucket of Amazon's, or of another S3-compatible store at UPLOADS_S3_ENDPOINT."""
    bucket, key = env.text("UPLOADS_S3_BUCKET"), env.secret("UPLOADS_S3_ACCESS_KEY")
    secret = env.secret("UPLOADS_S3_SECRET_KEY")
    if not bucket:
        refuse_start("UPLOADS_S3_BUCKET", "is missing", "Set it to the bucket that takes the uploads.")
    if bool(key) != bool(secret):
        missing = "UPLOADS_S3_SECRET_KEY" if key else "UPLOADS_S3_ACCESS_KEY"
        refuse_start(missing, "is missing", "Set both keys, or neither where the machine has a role.")
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
