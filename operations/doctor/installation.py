"""Health of this machine's storage, and settings that look wrong."""

import os
import shutil
import tempfile
from collections.abc import Iterator

from constance import config
from django.conf import settings

from monitoring.findings import Finding, Level, Threshold, measured, stated

DISK = Threshold(80, 90, "%")

Doubt = tuple[str, str, str]


def storage() -> Iterator[Finding]:
    """Whether temporary files can be written, and how full the disks are that we use."""
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        yield stated(
            "Storage",
            "temporary files",
            Level.RED,
            type(error).__name__,
            reason="No temporary file can be written: uploads, reports and backups fail.",
            fix="Give the process a writable TMPDIR (in a container: tmpfs on /tmp), and free its disk.",
        )
    else:
        yield stated("Storage", "temporary files", Level.GREEN, "can be written")
    places = {"temporary files": tempfile.gettempdir(), "program": str(settings.BASE_DIR)}
    for name, place in places.items():
        usage = shutil.disk_usage(place)
        yield measured(
            "Storage",
            f"disk of {name}",
            100 * (usage.total - usage.free) / usage.total if usage.total else 0.0,
            DISK,
            reason="This disk fills up.",
            fix="Remove old logs and files, or enlarge it.",
        )


def environment_settings() -> Iterator[Finding]:
    """Settings of the environment that are allowed and probably not meant. The value of none is told."""
    return found_wrong("of the environment", environment_doubts())


def run_time_settings() -> Iterator[Finding]:
    """The same of settings in the admin, which need the database."""
    return found_wrong("at run time", run_time_doubts())


def found_wrong(kind: str, doubts: Iterator[Doubt]) -> Iterator[Finding]:
    wrong = list(doubts)
    for name, reason, fix in wrong:
        yield stated("Settings", name, Level.AMBER, "looks wrong", reason=reason, fix=fix)
    if not wrong:
        yield stated("Settings", kind, Level.GREEN, "nothing looks wrong")


def run_time_doubts() -> Iterator[Doubt]:
    """(name, reason, fix) of each setting that looks wrong."""
    if not settings.DEVELOPMENT and not (config.CONTROLLER or settings.POSTAL_ADDRESS):
        yield (
            "CONTROLLER",
            "Privacy pages do not say who answers for the data.",
            "Set CONTROLLER under Settings, or POSTAL_ADDRESS.",
        )
    if config.MAINTENANCE or settings.MAINTENANCE_FILE.exists():
        yield "MAINTENANCE", "The form is closed for visitors.", "Switch it off, or remove the file."
    if settings.HUBSPOT_TOKEN and not config.HUBSPOT_SYNC_ENABLED:
        yield "HUBSPOT_SYNC_ENABLED", "It is off: leads wait.", "Switch it on under Settings."
    if settings.MAIL_IS_SET_UP and not config.EMAIL_DELIVERY_ENABLED:
        yield "EMAIL_DELIVERY_ENABLED", "It is off: mails wait.", "Switch it on under Settings."


def environment_doubts() -> Iterator[Doubt]:
    if settings.DEBUG:
        yield "TRACEBACK_PAGES", "Error pages show settings and variables.", "Set it to false."
    if settings.DEVELOPMENT:
        return
    missing = {
        "ADMINS": (settings.ADMINS, "Nobody is told of alarms by mail.", "Name the addresses of operators."),
        "METRICS_TOKEN": (settings.METRICS_TOKEN, "Prometheus cannot watch.", "Set 32 random characters."),
        "PUBLIC_URL": (settings.PUBLIC_URL, "Mails cannot link to the form.", "Set it to https://your.host."),
    }
    yield from ((name, reason, fix) for name, (value, reason, fix) in missing.items() if not value)
    yield from odd_values()


def odd_values() -> Iterator[Doubt]:
    if settings.PUBLIC_URL.startswith("http:"):
        yield "PUBLIC_URL", "Links in mails lead to a page without TLS.", "Begin it with https://."
    if settings.FIELD_ENCRYPTION_KEYS[:1] == ["none"]:
        yield "FIELD_ENCRYPTION_KEYS", "Personal columns are not encrypted.", "Set a key: docs/privacy.md."
    if settings.ADDRESS_HASH_KEY == settings.SECRET_KEY:
        yield (
            "ADDRESS_HASH_KEY",
            "It is SECRET_KEY, so that one cannot be changed without losing who was erased.",
            "Set it to the present value of SECRET_KEY, once and for all.",
        )
    if settings.SECURE_SSL_REDIRECT and not settings.SECURE_PROXY_SSL_HEADER:
        yield "TRUSTED_PROXY_COUNT", "Behind a proxy with TLS pages redirect for ever.", "Set it to 1."
