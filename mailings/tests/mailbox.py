"""A mail server of our own on loopback: it keeps what it takes, and can be told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from config.embedded.valkey import free_port

TAKEN = "250 OK"


@dataclass
class Mailbox:
    """`answer` is what the server says to each recipient, unless `answers` has one for this address;
    `answer_to_us` to whoever writes, `answer_to_mail` after the whole mail. `asked`: the recipients so far.
    """

    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = TAKEN
    answer_to_us: str = TAKEN
    answer_to_mail: str = TAKEN
    answers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.answer_to_us == TAKEN:
            envelope.mail_from = address
        return self.answer_to_us

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked.append(address)
        answer = self.answer_to(address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer_to_mail != TAKEN:
            return self.answer_to_mail
        self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return TAKEN

    def answer_to(self, address: str) -> str:
        return self.answers.get(address, self.answer)


@contextmanager
def serving(box: Mailbox) -> Iterator[int]:
    """The port on which this mailbox takes mail until the block ends."""
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body
    return str(body.get_content())
