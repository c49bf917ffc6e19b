"""The mails that were taken, the newest first, in memory."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from threading import Lock

MOST = 500


@dataclass(frozen=True, slots=True)
class KeptMail:
    """`number` is its address on the page; `recipients` are those of the envelope."""

    number: int
    sender: str
    recipients: Sequence[str]
    taken_at: datetime
    message: EmailMessage

    def body(self, subtype: str) -> str:
        """Its text ("plain") or HTML ("html"); '' without one."""
        part = self.message.get_body((subtype,))
        return str(part.get_content()) if part else ""

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")


class MailStore:
    def __init__(self) -> None:
        self._mails: deque[KeptMail] = deque(maxlen=MOST)
        self._numbers = count(1)
        self._lock = Lock()

    def keep(self, sender: str, recipients: Sequence[str], content: bytes) -> None:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        with self._lock:
            number = next(self._numbers)
            self._mails.appendleft(KeptMail(number, sender, tuple(recipients), datetime.now(UTC), message))

    def all(self) -> list[KeptMail]:
        with self._lock:
            return list(self._mails)

    def find(self, number: int) -> KeptMail | None:
        return next((mail for mail in self.all() if mail.number == number), None)

    def clear(self) -> None:
        with self._lock:
            self._mails.clear()
