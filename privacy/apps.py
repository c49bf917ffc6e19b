from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from web.backoffice import Banner, Panel, Place, list_place


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"
    metrics = ("privacy.clearing.metrics.metrics",)
    banners = (
        Banner(
            "unconfirmed",
            rows="privacy.clearing.undelivered_alarm.unconfirmed_leads",
            given="privacy.clearing.undelivered_alarm.given_age",
            words="privacy.clearing.undelivered_alarm.at_risk_since",
            template="admin/privacy/at_risk.html",
            permission="hubspot_sync.view_syncqueueitem",
        ),
    )
    home_panels = (
        Panel("admin/privacy/home.html", "privacy.pages.home_panel.home_panel", "assessments.answer_person"),
    )
    places = (
        list_place("Operations", 40, _("Scrub certificates"), "verified_user", "privacy.scrubcertificate"),
        Place("Operations", 50, _("People who ask"), "person_search", "persons", "assessments.answer_person"),
        Place(
            "Operations",
            55,
            _("Person log"),
            "visibility",
            "admin:leads_leadevent_changelist",
            "assessments.answer_person",
        ),
        Place("Operations", 60, _("Data map"), "shield_person", "data_map", "assessments.answer_person"),
    )

    def ready(self) -> None:
        from privacy.datamap.checks import check_controller, check_data_map
        from privacy.datamap.planner_statistics import without_statistics

        post_migrate.connect(
            without_statistics, sender=self, dispatch_uid="privacy.datamap.planner_statistics"
        )
        register(check_data_map)
        register(check_controller, deploy=True)
