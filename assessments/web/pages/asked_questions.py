"""The questions as a page of the form shows them, each with its answer, its error and its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.formats import get_format
from django.utils.safestring import SafeString

from assessments.models import AssessmentSession
from assessments.web.posted_files import UploadLimits, limits_of
from scorecard import versions
from scorecard.adaptive.shuffling import options_in_order
from scorecard.definition import Definition, Option, Question, Section
from scorecard.question_types import Answer, type_of
from scorecard.visibility import Visible
from web.languages import current_language


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as the page shows it, with the answer given and its error."""

    question: Question
    answer: Answer | None
    error: str = ""
    seconds: int | None = None  # seconds spent on it so far
    is_required: bool = False
    is_hidden: bool = False
    number: int | None = None  # among all questions that are shown
    seed: str = ""  # of the order of its options

    @property
    def options(self) -> tuple[Option, ...]:
        """The options in the order of this assessment."""
        return options_in_order(self.question, self.seed)

    @property
    def template(self) -> str:
        return type_of(self.question).template

    @property
    def shown_answer(self) -> Answer | None:
        """The answer, or else the default one."""
        return self.question.default if self.answer is None else self.answer

    @property
    def role(self) -> str:
        return type_of(self.question).role

    @property
    def choices(self) -> Sequence[tuple[Any, Any]]:
        """What the template of the type lists."""
        return type_of(self.question).choices(self.question, self.shown_answer)

    @property
    def text_value(self) -> str:
        """The answer as the text of an input, a number with the decimal mark of the page."""
        if self.shown_answer is None:
            return ""
        is_decimal = isinstance(self.shown_answer, float)
        text = str(self.shown_answer)
        return text.replace(".", self.decimal_mark) if is_decimal else text

    @property
    def decimal_mark(self) -> str:
        return str(get_format("DECIMAL_SEPARATOR"))

    @property
    def suggestion(self) -> str:
        suggested = self.question.suggested
        return type_of(self.question).in_words(self.question, suggested.value) if suggested else ""

    @property
    def upload(self) -> UploadLimits | None:
        """What a question that takes files says of them."""
        return limits_of(self.question)

    @property
    def target(self) -> str:
        """The id of the control that a link to the question leads to."""
        if self.question.shuffle and self.options:
            return f"{self.question.key}-{self.options[0].id}"
        return type_of(self.question).target(self.question)


def asked_questions(
    page: Section,
    session: AssessmentSession,
    now: Visible,
    problems: Mapping[str, str],
    posted: Mapping[str, Answer],
    *,
    after: int,
) -> tuple[AskedQuestion, ...]:
    """The questions of a page, hidden ones too: the browser shows them when an answer opens them.

    `after`: how many questions are shown before it.
    """
    numbers = count(after + 1)
    return tuple(
        AskedQuestion(
            question,
            posted.get(question.key, session.responses.get(question.key)),
            problems.get(question.key, ""),
            session.time_spent.get(question.key),
            is_required=question.key in now.required,
            is_hidden=question.key in now.skipped,
            number=None if question.key in now.skipped else next(numbers),
            seed=str(session.assessment.pk),
        )
        for question in page.questions
    )


def fieldset(version_id: UUID, definition: Definition, asked: AskedQuestion) -> SafeString:
    """The HTML of a question. Options without an answer are the same for everybody, and rendered once."""
    if not asked.role or asked.answer is not None or asked.seconds is not None or asked.error:
        return render_question(definition, asked)
    shown = (asked.question.key, asked.is_required, asked.is_hidden, asked.number)
    return open_fieldset(version_id, definition.language, current_language(), shown)


@lru_cache(maxsize=1000)  # of some kilobytes each
def open_fieldset(
    version_id: UUID, language: str, page_language: str, shown: tuple[str, bool, bool, int | None]
) -> SafeString:
    """The HTML of a question without an answer, in the language of the questionnaire on a page of another."""
    definition = versions.get(version_id).in_language(language)
    key, is_required, is_hidden, number = shown
    asked = AskedQuestion(
        definition.questions[key], None, is_required=is_required, is_hidden=is_hidden, number=number
    )
    return render_question(definition, asked)


def render_question(definition: Definition, asked: AskedQuestion) -> SafeString:
    context = {"definition": definition, "item": asked, "question": asked.question}
    return render_to_string("assessments/_question.html", context)
