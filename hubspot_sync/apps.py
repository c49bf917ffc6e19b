from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from monitoring.findings import HealthCheck
from queues.declared import Queue
from web import gettext_noop
from web.backoffice import LeadPanel, Panel, list_place


class HubspotSyncConfig(AppConfig):
    name = "hubspot_sync"
    verbose_name = "HubSpot"
    queues = (
        Queue(
            "leads",
            "hubspot_sync.SyncQueueItem",
            _("Leads on their way to HubSpot"),
            ngettext_lazy("%(count)s lead", "%(count)s leads", "number"),
            ngettext_lazy("%(count)s lead needs a person", "%(count)s leads need a person", "number"),
            explain="hubspot_sync.causes.explain",
            counts_finished=False,
        ),
        Queue(
            "erasures",
            "hubspot_sync.HubSpotErasure",
            _("Erasures on their way to HubSpot"),
            ngettext_lazy("%(count)s erasure", "%(count)s erasures", "number"),
            ngettext_lazy("%(count)s erasure needs a person", "%(count)s erasures need a person", "number"),
            explain="hubspot_sync.causes.explain",
        ),
    )
    health_checks = (
        HealthCheck(gettext_noop("HubSpot"), "hubspot_sync.status.health.calls"),
        HealthCheck(gettext_noop("HubSpot"), "hubspot_sync.status.health.account", external=True),
    )
    metrics = ("hubspot_sync.status.metrics.metrics",)
    figures = ("hubspot_sync.status.figures.delivery_figures",)
    home_panels = (
        Panel(
            "admin/dashboard/sync.html",
            "hubspot_sync.status.home_panel.home_panel",
            "hubspot_sync.view_syncqueueitem",
        ),
    )
    lead_panels = (
        LeadPanel(
            "admin/hubspot_sync/lead_panel.html",
            "hubspot_sync.admin.lead_panel.lead_panel",
            "leads.view_lead",
        ),
    )
    places = (
        list_place("Sales", 20, _("Sync queue"), "sync", "hubspot_sync.syncqueueitem", queue="leads"),
        list_place(
            "Sales", 40, _("Erasures"), "person_remove", "hubspot_sync.hubspoterasure", queue="erasures"
        ),
        list_place("Operations", 10, _("Comparisons"), "compare_arrows", "hubspot_sync.reconciliation"),
    )

    def ready(self) -> None:
        from assessments.signals import lead_changed, lead_finishes
        from hubspot_sync.checks import warn_of_another_account
        from hubspot_sync.delivery.enqueue import enqueue_lead, queue_with_result

        register(warn_of_another_account, Tags.security, deploy=True)
        lead_changed.connect(enqueue_lead, dispatch_uid="hubspot_sync.delivery.enqueue.enqueue_lead")
        lead_finishes.connect(
            queue_with_result, dispatch_uid="hubspot_sync.delivery.enqueue.queue_with_result"
        )
