"""What the environment gives to libraries behind our back, and does not reach ours.

libpq reads PG… variables and Celery CELERY_BROKER_URL, whatever program they were set for: a PGOPTIONS would
take our timeouts away, a PGSSLMODE or PGSERVICE would choose another server. DATABASE_URL and REDIS_URL
say everything; what libpq can be told besides, they take as parameters (`?sslrootcert=/path/to/ca.pem`).

The certificates of SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE are the usual way to
name a CA of one's own, for mail, Redis and the proxy before HubSpot: they are respected, and must exist.
So are HTTPS_PROXY and NO_PROXY for calls to HubSpot, but not to loopback: hubspot_sync/http/client.py.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

# https://www.postgresql.org/docs/current/libpq-envars.html
LIBPQ = frozenset(
    f"PG{name}"
    for name in (
        *("HOST", "HOSTADDR", "PORT", "DATABASE", "USER", "PASSWORD", "PASSFILE", "SERVICE", "SERVICEFILE"),
        *("OPTIONS", "APPNAME", "CLIENTENCODING", "DATESTYLE", "TZ", "GEQO", "CONNECT_TIMEOUT", "SYSCONFDIR"),
        *("SSLMODE", "REQUIRESSL", "SSLNEGOTIATION", "SSLCOMPRESSION", "SSLCERT", "SSLKEY", "SSLCERTMODE"),
        *("SSLROOTCERT", "SSLCRL", "SSLCRLDIR", "SSLSNI", "SSLMINPROTOCOLVERSION", "SSLMAXPROTOCOLVERSION"),
        *("REQUIREAUTH", "CHANNELBINDING", "REQUIREPEER", "GSSENCMODE", "KRBSRVNAME", "GSSLIB"),
        *("GSSDELEGATION", "TARGETSESSIONATTRS", "LOADBALANCEHOSTS"),
        *("MINPROTOCOLVERSION", "MAXPROTOCOLVERSION", "LOCALEDIR"),
    )
)
CELERY = frozenset({"CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"})
CERTIFICATES = {
    **dict.fromkeys(("SSL_CERT_FILE",), os.path.isfile),
    **dict.fromkeys(("SSL_CERT_DIR",), os.path.isdir),
    **dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), os.path.exists),
}


def remove_ambient_variables() -> None:
    """Remove variables that were set for other programs from this process and its children."""
    for name in LIBPQ | CELERY:
        os.environ.pop(name, None)


@contextmanager
def hidden(module: str) -> Iterator[None]:
    """Let an optional module look as if it were not installed, to libraries that are imported meanwhile."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # Python's way to forbid an import
    try:
        yield
    finally:
        del sys.modules[module]


def check_certificates() -> None:
    """End the process if a variable names certificates that are not there: every call would fail."""
    for name, is_there in CERTIFICATES.items():
        value = os.environ.get(name, "")
        if value and not is_there(value):
            sys.exit(f"{name} names no certificates. Set it to the file of your CA, or leave it empty.")
