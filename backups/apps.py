from django.apps import AppConfig

from monitoring.findings import HealthCheck


class BackupsConfig(AppConfig):
    name = "backups"
    verbose_name = "Backups"
    health_checks = (HealthCheck("Backups", "backups.health.backups"),)
    metrics = ("backups.health.metrics",)
