"""Validates answers against a definition. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scorecard.definition import Definition
from scorecard.question_types import TYPES, Answer, InvalidAnswer, type_of
from scorecard.question_types.contract import gettext_noop
from scorecard.question_types.file_upload import FileUpload
from scorecard.visibility import missing, visible

MAX_SECONDS = 3600  # for one question; more is an idle tab
UNKNOWN_QUESTION = gettext_noop("This questionnaire has no such question.")


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """The valid answers, the keys of emptied ones, and the problems of the others by question key."""

    valid: dict[str, Answer] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)
    problems: dict[str, InvalidAnswer] = field(default_factory=dict)

    def merged_into(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers after these were given and emptied."""
        return {key: answer for key, answer in {**answers, **self.valid}.items() if key not in self.emptied}


def validate(definition: Definition, answers: Mapping[str, Any]) -> CheckedAnswers:
    """Split answers into valid ones, emptied ones (null, or nothing in them) and problems."""
    checked = CheckedAnswers()
    for key, sent in answers.items():
        question = definition.questions.get(key)
        if question is None or question.type not in TYPES:
            checked.problems[key[:100]] = InvalidAnswer(UNKNOWN_QUESTION)
            continue
        kind = type_of(question)
        try:
            answer = sent if kind.is_empty(sent) else kind.read(question, sent)
        except InvalidAnswer as problem:
            checked.problems[key] = problem
            continue
        if kind.is_empty(answer):
            checked.emptied.append(key)
        else:
            checked.valid[key] = answer
    return checked


def counted_answers(definition: Definition, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers that count: to questions that are shown."""
    return visible(definition, answers).answers(answers)


def fitting_answers(old: Definition, new: Definition, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers to questions of one version that another one asks too and would take.

    Not those of another type, outside of its limits or with an option that is gone. No files: they belong
    to the assessment that they were sent for.
    """
    same = {
        key: answer
        for key, answer in answers.items()
        if key in new.questions
        and new.questions[key].type == old.questions[key].type
        and new.questions[key].type != FileUpload.name
    }
    return validate(new, same).valid


def impersonal_answers(definition: Definition, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The valid answers that count and are not personal: those that statistics may retain."""
    valid = validate(definition, counted_answers(definition, answers)).valid
    return {key: answer for key, answer in valid.items() if not definition.questions[key].is_personal}


def parse_seconds(text: str) -> int | None:
    """The seconds a browser reports for one question, 0 to 3600; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return None
    found = int(text)
    return found if found <= MAX_SECONDS else None


def missing_answers(definition: Definition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Keys of the required questions that are shown and not answered, in form order."""
    return missing(definition, answers)
