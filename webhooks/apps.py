from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from queues.declared import Queue
from web.backoffice import list_place


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = "Webhooks"
    queues = (
        Queue(
            "webhooks",
            "webhooks.WebhookCall",
            "Calls of webhooks",
            "call",
            explain="webhooks.causes.explain",
        ),
    )
    places = (
        list_place("Operations", 50, _("Webhooks"), "webhook", "webhooks.webhook"),
        list_place("Operations", 51, _("Webhook calls"), "outbox", "webhooks.webhookcall", queue="webhooks"),
    )
