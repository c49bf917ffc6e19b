from django.apps import AppConfig

from web.backoffice import list_place


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Records"
    places = (list_place("Operations", 30, "System log", "receipt_long", "audit.systemlog"),)
