"""Validates answers against a definition. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.errors import AnswerProblem
from scorecard.definition import Definition

MAX_SECONDS = 3600  # for one question; more is an idle tab


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """The valid answers, and the problems of the others, by question key."""

    valid: dict[str, str]
    problems: dict[str, AnswerProblem]


def validate(definition: Definition, answers: Mapping[str, Any]) -> CheckedAnswers:
    """Split answers into valid ones (an option of their question) and problems."""
    checked = CheckedAnswers({}, {})
    for key, answer in answers.items():
        question = definition.questions.get(key)
        if question is None:
            checked.problems[key[:100]] = AnswerProblem.UNKNOWN_QUESTION
        elif not isinstance(answer, str) or question.option(answer) is None:
            checked.problems[key] = AnswerProblem.UNKNOWN_OPTION
        else:
            checked.valid[key] = answer
    return checked


def impersonal_answers(definition: Definition, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers to choice questions that are not personal: those that statistics may retain."""
    return {
        key: answer
        for key, answer in answers.items()
        if (question := definition.questions.get(key))
        and question.option(answer)
        and not question.is_personal
    }


def parse_seconds(text: str) -> int | None:
    """The seconds a browser reports for one question, 0 to 3600; None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return None
    found = int(text)
    return found if found <= MAX_SECONDS else None


def missing_answers(definition: Definition, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Keys of the required questions without an answer, in form order."""
    return tuple(
        key for key, question in definition.questions.items() if question.is_required and key not in answers
    )


def first_open_step(definition: Definition, answers: Mapping[str, str]) -> int:
    """The first step (from 1) with an unanswered required question; the last step if there is none."""
    for step, section in enumerate(definition.sections, start=1):
        if any(question.is_required and question.key not in answers for question in section.questions):
            return step
    return definition.total_steps
