"""The SMTP server: takes every mail that is not larger than `LARGEST`."""

from mailbox.store import MailStore
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
LARGEST = 10 * 1024 * 1024


class Recorder:
    def __init__(self, store: MailStore) -> None:
        self.store = store

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.store.keep(envelope.mail_from or "", envelope.rcpt_tos, envelope.content or b"")
        return "250 OK"


def smtp_server(store: MailStore, port: int) -> Controller:
    """Not started yet; 0 takes a free port."""
    return Controller(
        Recorder(store), hostname=HOST, port=port, data_size_limit=LARGEST, enable_SMTPUTF8=True
    )
