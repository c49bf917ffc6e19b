from django.apps import AppConfig
from django.core.checks import register


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from constance.signals import config_updated

        from privacy.changed_settings import record_change
        from privacy.checks import check_controller, check_data_map

        register(check_data_map)
        register(check_controller, deploy=True)
        config_updated.connect(record_change, dispatch_uid="privacy.changed_settings.record_change")
