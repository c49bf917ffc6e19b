"""EMAIL: an e-mail address as an answer. It is no contact detail: no mail is sent to it."""

import re

import idna

from scorecard.definition import Question
from scorecard.question_types.contract import Answer, InvalidAnswer, gettext_noop
from scorecard.question_types.text import Text

LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}", re.ASCII)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
WRONG = gettext_noop("Please enter a full e-mail address, for example name@company.com.")


def canonical_host(host: str) -> str:
    """A host name in ASCII and lower case; '' if it is none."""
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return ""
    labels = name.split(".")
    sound = len(labels) > 1 and len(name) <= 253 and all(LABEL.fullmatch(label) for label in labels)
    return name if sound and not labels[-1].isdigit() else ""


class Email(Text):
    name = "EMAIL"
    label = gettext_noop("E-mail address")
    most = 254

    def parse(self, question: Question, sent: object) -> Answer:
        text: str = super().parse(question, sent)
        if not text:
            return text
        local, _, domain = text.rpartition("@")
        host = canonical_host(domain)
        if not (host and LOCAL.fullmatch(local)) or ".." in local or local[0] == "." or local[-1] == ".":
            raise InvalidAnswer(WRONG)
        return f"{local.lower()}@{host}"
