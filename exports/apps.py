from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from queues.declared import Queue
from web.backoffice import PageLink, list_place


class ExportsConfig(AppConfig):
    name = "exports"
    verbose_name = "Exports"
    queues = (
        Queue(
            "exports",
            "exports.Export",
            _("Exports"),
            ngettext_lazy("%(count)s export", "%(count)s exports", "number"),
            ngettext_lazy("%(count)s export needs a person", "%(count)s exports need a person", "number"),
            explain="exports.causes.explain",
        ),
    )
    lead_list_links = (
        PageLink(_("Export this view"), "admin:exports_export_order", ("leads",), "exports.export_leads"),
    )
    figures_links = (
        PageLink(
            _("Export these figures"), "admin:exports_export_order", ("figures",), "exports.export_figures"
        ),
    )
    places = (list_place("Sales", 50, _("Exports"), "download", "exports.export"),)
