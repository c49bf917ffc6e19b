from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from web.backoffice import list_place


class AuditConfig(AppConfig):
    name = "audit"
    reads_may_lag = True  # web/databases/replica.py
    verbose_name = "Records"
    places = (list_place("Operations", 30, _("System log"), "receipt_long", "audit.systemlog"),)
