"""Errors of a request about an assessment; pages and API turn them into responses."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class AssessmentError(Exception):
    """Base of all errors of this module."""


class SessionExpired(AssessmentError):
    """No open session: expired, or never started."""


class AssessmentNotFound(AssessmentError):
    """No such assessment for this client."""


class ResultClosed(SessionExpired):
    """A result, asked for without an open session."""


class ResultOfAnother(AssessmentNotFound):
    """A result, if there is one, that is not of this session."""


class AlreadySubmitted(AssessmentError):
    """The answers are final."""


class DetailsLocked(AssessmentError):
    """Contact details that were proven in another browser, or on the privacy page."""


class LinkClosed(AssessmentError):
    """A link that no longer works: `reason` is unknown, revoked, expired or finished."""

    def __init__(self, purpose: str, reason: str) -> None:
        super().__init__(f"{purpose} link: {reason}")
        self.purpose, self.reason = purpose, reason


class Incomplete(AssessmentError):
    """Required questions without an answer, by key in the order of the form."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{len(missing)} required questions have no answer")
        self.missing = tuple(missing)


class InvalidInput(AssessmentError):
    """Error messages for the visitor, by field or question key."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"invalid: {', '.join(sorted(problems))}")
        self.problems = dict(problems)


class AnswerProblem(StrEnum):
    """Why an answer is not accepted; `assessments.web.answer_words` has the words."""

    UNKNOWN_QUESTION = "unknown_question"
    UNKNOWN_OPTION = "unknown_option"
    MISSING = "missing"


class InvalidAnswers(AssessmentError):
    """Answers that are not accepted, by question key."""

    def __init__(self, problems: Mapping[str, AnswerProblem]) -> None:
        super().__init__(f"invalid answers: {', '.join(sorted(problems))}")
        self.problems = dict(problems)


class OtherAssessment(AssessmentError):
    """A form of one assessment, posted by a browser whose session belongs to another."""
