from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from queues.declared import Queue
from web.backoffice import Banner, list_place


class MailingsConfig(AppConfig):
    name = "mailings"
    verbose_name = "Mail"
    queues = (
        Queue(
            "mails",
            "mailings.Mail",
            _("Mails to prospects"),
            ngettext_lazy("%(count)s mail", "%(count)s mails", "number"),
            ngettext_lazy("%(count)s mail needs a person", "%(count)s mails need a person", "number"),
            explain="mailings.causes.explain",
        ),
    )
    banners = (
        Banner(
            "held_mails",
            rows="mailings.line.held_line",
            words="mailings.line.held_in_words",
            template="admin/mailings/held.html",
            permission="mailings.view_mail",
        ),
    )
    places = (list_place("Sales", 30, _("Mails"), "mail", "mailings.mail", queue="mails"),)

    def ready(self) -> None:
        from accounts.links import reset_requested
        from assessments.signals import lead_changed
        from mailings.queue import enqueue_for_lead, enqueue_password_reset

        lead_changed.connect(enqueue_for_lead, dispatch_uid="mailings.queue.enqueue_for_lead")
        reset_requested.connect(enqueue_password_reset, dispatch_uid="mailings.queue.enqueue_password_reset")
