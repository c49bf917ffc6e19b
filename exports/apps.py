from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from queues.declared import Queue
from web.backoffice import LeadListLink, list_place


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = "Exports"
    queues = (Queue("exports", "exports.Export", "Exports", "export", explain="exports.causes.explain"),)
    lead_list_links = (
        LeadListLink(_("Export this view"), "admin:exports_export_order", ("leads",), "exports.export_leads"),
    )
    places = (list_place("Sales", 50, _("Exports"), "download", "exports.export"),)
