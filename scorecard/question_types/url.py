"""URL: the address of a web page."""

from urllib.parse import urlsplit, urlunsplit

from scorecard.definition import Question
from scorecard.question_types.contract import Answer, InvalidAnswer, gettext_noop
from scorecard.question_types.email import canonical_host
from scorecard.question_types.text import Text

WRONG = gettext_noop("Please enter a web address, for example https://company.com.")


class Url(Text):
    name = "URL"
    label = gettext_noop("Web address")
    most = 2_000

    def parse(self, question: Question, sent: object) -> Answer:
        text: str = super().parse(question, sent)
        if not text:
            return text
        try:
            parts = urlsplit(text if "://" in text else f"https://{text}")
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            raise InvalidAnswer(WRONG) from None
        host = canonical_host(parts.hostname or "")
        if parts.scheme not in ("http", "https") or not host or parts.username is not None or " " in text:
            raise InvalidAnswer(WRONG)
        return urlunsplit((parts.scheme, host + port, parts.path, parts.query, parts.fragment))
