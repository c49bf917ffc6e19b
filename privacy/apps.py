from django.apps import AppConfig
from django.core.checks import register


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        from privacy.datamap.checks import check_controller, check_data_map

        register(check_data_map)
        register(check_controller, deploy=True)
