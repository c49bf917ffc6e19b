"""The mail queue in the admin: assessment and status of each mail, never its recipient or content."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailings.models import Mail
from mailings.queue import send_again
from queues.admin import QueueAdmin
from web.read_only_admin import column


@admin.register(Mail)
class MailAdmin(QueueAdmin):
    resend = staticmethod(send_again)
    list_display = ("kind", "state", "cause_in_words", "failures", "next_try_at", "created_at")
    fields = (
        *("kind", "status", "happened", "to_do", "failures"),
        *("next_try_at", "created_at", "sent_at", "about"),
    )

    @column(gettext_lazy("Assessment"))
    def about(self, mail: Mail) -> str:
        return str(mail.assessment_id or _("None: the address is unknown here"))
