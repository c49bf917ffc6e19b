"""Runs the health checks that apps declare. Each fails alone: one that breaks is a red finding itself."""

import logging
from collections.abc import Iterator

from django.utils.module_loading import import_string

from monitoring.findings import Finding, HealthCheck, Level, stated
from web.backoffice import declarations

logger = logging.getLogger(__name__)


def health_checks(*, external: bool | None = None) -> list[HealthCheck]:
    """All declared checks, or only those that do or do not ask other servers."""
    return [each for each in declarations("health_checks") if external in (None, each.external)]


def run_checks(checks: list[HealthCheck]) -> list[Finding]:
    """The findings of these checks, in their order."""
    return [finding for check in checks for finding in findings_of(check)]


def findings_of(check: HealthCheck) -> Iterator[Finding]:
    try:
        yield from import_string(check.function)()
    except Exception as error:  # a check that breaks must not hide the others
        logger.warning("The health check %s fails", check.area, exc_info=error)
        yield stated(
            check.area,
            "check",
            Level.RED,
            type(error).__name__,
            reason="The check itself failed, so nothing more is known of this part.",
            fix="See whether the part answers at all, then the log line of this moment.",
        )
