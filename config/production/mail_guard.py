"""A mail backend that sends only to MAIL_ONLY_TO: every other recipient is taken out beforehand."""

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, sanitize_address

logger = logging.getLogger("monitoring.mail_guard")


class GuardedBackend(BaseEmailBackend):
    """Wraps the backend of EMAIL_URL. A mail without an allowed recipient counts as sent and goes nowhere."""

    def __init__(self, fail_silently: bool = False, **options: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.inner = get_connection(settings.GUARDED_EMAIL_BACKEND, fail_silently=fail_silently, **options)

    def open(self) -> bool | None:
        return self.inner.open()

    def close(self) -> None:
        self.inner.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sent = 0
        for message in email_messages:
            message.to, message.cc, message.bcc = (
                [each for each in addresses if is_allowed(each)]
                for addresses in (message.to, message.cc, message.bcc)
            )
            if message.recipients():
                sent += self.inner.send_messages([message]) or 0
            else:
                logger.info("A mail was kept back: MAIL_ONLY_TO does not name its recipient")
                sent += 1
        return sent


def is_allowed(recipient: str) -> bool:
    address = sanitize_address(recipient, "utf-8").rpartition("<")[2].rstrip(">").lower()
    return address in settings.MAIL_ONLY_TO or f"@{address.rpartition('@')[2]}" in settings.MAIL_ONLY_TO
