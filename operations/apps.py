from django.apps import AppConfig, apps
from django.conf import settings
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from monitoring.findings import HealthCheck
from monitoring.statements import watch_connection
from monitoring.tasks_watched import watch_tasks
from operations.logs import speak_of_crashes
from web import gettext_noop
from web.backoffice import Panel, Place, list_place


class OperationsConfig(AppConfig):
    name = "operations"
    health_checks = (
        HealthCheck(
            gettext_noop("PostgreSQL"),
            "operations.doctor.postgresql.postgresql",
            of_page="operations.doctor.postgresql.postgresql_of_page",
        ),
        HealthCheck(gettext_noop("Redis"), "operations.doctor.processes.redis"),
        HealthCheck(gettext_noop("Workers"), "operations.doctor.processes.workers"),
        HealthCheck(gettext_noop("Queues"), "operations.doctor.processes.queue_lags"),
        HealthCheck(gettext_noop("Beat"), "operations.doctor.processes.beat"),
        HealthCheck(gettext_noop("Mail"), "operations.doctor.reachable.mail", external=True),
        HealthCheck(gettext_noop("Performance"), "operations.doctor.performance.performance"),
        HealthCheck(gettext_noop("Storage"), "operations.doctor.installation.storage"),
        HealthCheck(gettext_noop("Certificates"), "operations.doctor.reachable.certificates", external=True),
        HealthCheck(gettext_noop("Settings"), "operations.doctor.installation.environment_settings"),
        HealthCheck(gettext_noop("Settings"), "operations.doctor.installation.run_time_settings"),
    )
    metrics = (
        "operations.doctor.metrics.state_metrics",
        "operations.doctor.metrics.doctor_metrics",
        "monitoring.metrics.metrics",
    )
    home_panels = (
        Panel(
            "admin/dashboard/health.html",
            "operations.doctor.home_panel.home_panel",
            "django_celery_beat.view_periodictask",
            wide=True,
        ),
    )
    places = (
        Place("Sales", 0, _("Dashboard"), "monitoring", "admin:index"),
        Place(
            "Operations",
            20,
            _("Settings"),
            "tune",
            "admin:constance_config_changelist",
            "constance.change_config",
        ),
        list_place("Operations", 25, _("Schedule"), "schedule", "django_celery_beat.periodictask"),
    )

    def ready(self) -> None:
        from constance.signals import config_updated

        from operations.changed_settings import record_change
        from operations.labels.admin_names import translate_labels
        from operations.schedule.defaults import write_defaults

        beat = apps.get_app_config("django_celery_beat")
        post_migrate.connect(write_defaults, sender=beat, dispatch_uid="operations.schedule.write_defaults")
        config_updated.connect(record_change, dispatch_uid="operations.changed_settings.record_change")
        connection_created.connect(watch_connection, dispatch_uid="monitoring.watch_connection")
        watch_tasks()
        translate_labels()
        if not settings.DEVELOPMENT:
            speak_of_crashes()
        if settings.SENTRY_DSN:
            import_string("operations.sentry.start_sentry")(
                settings.SENTRY_DSN
            )  # imported lazily: it takes 0.3 s
