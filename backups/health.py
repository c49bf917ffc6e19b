"""Health of backups: when one was last made, and when one was last proved."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from audit.models import SystemLog
from backups.alarms import last_good
from backups.making import MADE
from backups.verification import VERIFIED
from monitoring.findings import Finding, Level, Threshold, measured, stated
from web.metrics import gauge

AREA = "Backups"
AGE = Threshold(25, 26, "hours")


def backups() -> Iterator[Finding]:
    """The age of the last backup, and of the last good proof. Three queries."""
    if not settings.BACKUPS.to:
        yield stated(
            AREA,
            "set up",
            Level.GREEN if settings.DEVELOPMENT else Level.AMBER,
            "no",
            reason="No backup is made here.",
            fix="Set BACKUP_TO and BACKUP_RECIPIENT, or make sure that your provider archives continuously.",
        )
        return
    made = SystemLog.objects.filter(event_type=MADE).first()
    yield age_of("last backup", made, "Run script/backup, and see its timer.")
    newest = SystemLog.objects.filter(event_type=VERIFIED).first()
    result: dict[str, Any] = newest.data["result"] if newest else {"good": True, "checks": []}
    if lost := result.get("without_manifest"):
        yield stated(
            AREA,
            "manifests",
            Level.AMBER,
            f"{len(lost)} missing",
            reason=f"{', '.join(lost)} has no manifest: its making broke off, or the manifest is lost.",
            fix="Put it back or delete the dump: see `A manifest is lost` in docs/backups.md.",
        )
    if not result["good"]:
        bad = [f"{check['name']} ({check['words']})" for check in result["checks"] if not check["good"]]
        yield stated(
            AREA,
            "last proof",
            Level.RED,
            "failed",
            threshold=str(AGE),
            reason=f"The backup is not what it should be: {', '.join(bad)}.",
            fix="Make a new one with script/backup, and run `script/manage verify_backup`.",
        )
        return
    yield age_of("last proof", last_good(), "Run `script/manage verify_backup`, and see its timer.")


def age_of(name: str, found: SystemLog | None, fix: str) -> Finding:
    if found is None:
        return stated(
            AREA, name, Level.RED, "never", threshold=str(AGE), reason="There is none yet.", fix=fix
        )
    hours = (timezone.now() - found.created_at).total_seconds() / 3600
    return measured(
        AREA, name, max(0.0, hours), AGE, words=f"{hours:.1f} hours ago", reason="It is too old.", fix=fix
    )


def metrics() -> Iterator[GaugeMetricFamily]:
    """Ages of the last backup and of the last good proof; absent where there is none. Two queries."""
    made = SystemLog.objects.filter(event_type=MADE).first()
    rows = {
        "backup_age_seconds": ("How long ago the last backup was made", made),
        "backup_verified_age_seconds": ("How long ago a backup was last proved good", last_good()),
    }
    for name, (words, row) in rows.items():
        if row:
            yield gauge(name, words, max(0.0, (timezone.now() - row.created_at).total_seconds()))
