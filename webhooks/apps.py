from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from queues.declared import Queue
from web.backoffice import list_place


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "Webhooks"
    queues = (
        Queue(
            "webhooks",
            "webhooks.WebhookCall",
            _("Calls of webhooks"),
            ngettext_lazy("%(count)s call", "%(count)s calls", "number"),
            ngettext_lazy("%(count)s call needs a person", "%(count)s calls need a person", "number"),
            explain="webhooks.causes.explain",
        ),
    )
    places = (
        list_place("Operations", 50, _("Webhooks"), "webhook", "webhooks.webhook"),
        list_place("Operations", 51, _("Webhook calls"), "outbox", "webhooks.webhookcall", queue="webhooks"),
    )
