"""A mail server of our own on loopback: it keeps what it takes, and can be told to refuse."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django.fixtures import Settings

from config.embedded.valkey import free_port

TAKEN = "250 OK"


@dataclass
class Mailbox:
    """`answer` is what the server says to each recipient."""

    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = TAKEN

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return TAKEN


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content())


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.MAIL_IS_SET_UP = True
    settings.PUBLIC_URL = "https://check.example.com"
    settings.POSTAL_ADDRESS = "Reality Check Ltd, 1 High Street, London"
    server.start()
    yield box
    server.stop()
