"""The mail server of the canaries: each person gets their letters, and a mailbox that is gone bounces."""

import re
from dataclasses import dataclass, field
from typing import Any

from mailings.tests.mailbox import Mailbox, text_of
from tests.canary.person import BOUNCES, Person

NUMBER = re.compile(r"kanari(\d{3})mail@")


@dataclass
class PostOffice(Mailbox):
    people: list[Person] = field(default_factory=list)

    def answer_to(self, address: str) -> str:
        """A refusal quotes the address, as mail servers do."""
        if address.endswith(f".{BOUNCES}"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        return super().answer_to(address)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        for address in envelope.rcpt_tos:
            if found := NUMBER.match(address):
                self.people[int(found[1])].letters.append(self.mails[-1])
        return answer

    @property
    def words(self) -> bytes:
        """What all letters say, without the address on the envelope."""
        texts = [text_of(mail, kind) for mail in self.mails for kind in ("plain", "html")]
        return "\n".join([*texts, *(str(mail["Subject"]) for mail in self.mails)]).encode()
