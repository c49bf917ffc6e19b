from django.apps import AppConfig
from django.core.checks import Tags, register

from web.backoffice import Panel


class BrandingConfig(AppConfig):
    name = "branding"
    verbose_name = "Brand"
    home_panels = (
        Panel("admin/branding/out_of_reach.html", "branding.checks.home_panel", "constance.change_config"),
    )

    def ready(self) -> None:
        from branding.checks import warn_of_no_way

        register(warn_of_no_way, Tags.compatibility, deploy=True)
