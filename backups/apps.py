from django.apps import AppConfig

from monitoring.findings import HealthCheck
from web import gettext_noop


class BackupsConfig(AppConfig):
    name = "backups"
    verbose_name = "Backups"
    health_checks = (HealthCheck(gettext_noop("Backups"), "backups.health.backups"),)
    metrics = ("backups.health.metrics",)
