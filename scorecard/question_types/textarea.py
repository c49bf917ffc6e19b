"""TEXTAREA: several lines."""

from scorecard.definition import Question
from scorecard.question_types.contract import Answer, gettext_noop
from scorecard.question_types.text import Text, plain_text


class TextArea(Text):
    name = "TEXTAREA"
    label = gettext_noop("Several lines of text")
    most = 5_000
    limit = 20_000

    def parse(self, question: Question, sent: object) -> Answer:
        return plain_text(sent)
