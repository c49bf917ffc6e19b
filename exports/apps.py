from django.apps import AppConfig

from queues.declared import Queue
from web.backoffice import LeadListLink, list_place


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = "Exports"
    queues = (Queue("exports", "exports.Export", "Exports", "export", explain="exports.causes.explain"),)
    lead_list_links = (
        LeadListLink("Export this view", "admin:exports_export_order", ("leads",), "exports.export_leads"),
    )
    places = (list_place("Sales", 50, "Exports", "download", "exports.export"),)
