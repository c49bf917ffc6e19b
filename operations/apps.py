from django.apps import AppConfig, apps
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from operations.logs import speak_of_crashes
from web.backoffice import Place, list_place


class OperationsConfig(AppConfig):
    name = "operations"
    places = (
        Place("Sales", 0, "Dashboard", "monitoring", "admin:index"),
        Place(
            "Operations",
            20,
            "Settings",
            "tune",
            "admin:constance_config_changelist",
            "constance.change_config",
        ),
        list_place("Operations", 25, "Schedule", "schedule", "django_celery_beat.periodictask"),
    )

    def ready(self) -> None:
        from constance.signals import config_updated

        from operations.changed_settings import record_change
        from operations.schedule.defaults import write_defaults

        beat = apps.get_app_config("django_celery_beat")
        post_migrate.connect(write_defaults, sender=beat, dispatch_uid="operations.schedule.write_defaults")
        config_updated.connect(record_change, dispatch_uid="operations.changed_settings.record_change")
        if not settings.DEVELOPMENT:
            speak_of_crashes()
        if settings.SENTRY_DSN:
            import_string("operations.sentry.start_sentry")(
                settings.SENTRY_DSN
            )  # imported lazily: it takes 0.3 s
