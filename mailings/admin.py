"""The mails to prospects: about which run and what became of them, never to whom or what they say."""

from django.contrib import admin
from django.db.models import QuerySet

from audit.sending_again import SendAgainAdmin
from audit.showing import column
from mailings.causes import Cause, explain
from mailings.models import Mail
from mailings.queue import send_again


@admin.register(Mail)
class MailAdmin(SendAgainAdmin):
    cause_column = "failure_cause"
    noun = "mail"
    list_display = ("kind", "state", "cause_in_words", "failures", "next_try_at", "created_at")
    fields = (
        *("kind", "status", "happened", "to_do", "failures"),
        *("next_try_at", "created_at", "sent_at", "run"),
    )

    def explain(self, code: str) -> Cause:
        return explain(code)

    def resend(self, rows: QuerySet[Mail]) -> int:
        return send_again(rows)

    @column("Assessment")
    def run(self, mail: Mail) -> str:
        return str(mail.assessment_id or "None: nobody here has the address")
