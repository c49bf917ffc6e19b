"""Errors of requests about an assessment; pages and API turn them into responses."""

from collections.abc import Mapping, Sequence

from scorecard.question_types import InvalidAnswer


class AssessmentError(Exception):
    """The base of all errors in this module."""


class SessionExpired(AssessmentError):
    """There is no open session: it has expired or was never started."""


class AssessmentNotFound(AssessmentError):
    """The assessment does not exist for this client."""


class ResultClosed(SessionExpired):
    """A result was requested without an open session."""


class ResultOfAnother(AssessmentNotFound):
    """A result was requested that does not belong to this session."""


class AlreadySubmitted(AssessmentError):
    """The assessment is finished: its answers are final."""


class DetailsLocked(AssessmentError):
    """The contact details are locked: proven in another browser or on the privacy page."""


class LinkClosed(AssessmentError):
    """A link that is no longer valid: `reason` is unknown, revoked, expired or finished."""

    def __init__(self, purpose: str, reason: str) -> None:
        super().__init__(f"{purpose} link: {reason}")
        self.purpose, self.reason = purpose, reason


class Incomplete(AssessmentError):
    """Required questions without an answer, by key in form order."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{len(missing)} required questions have no answer")
        self.missing = tuple(missing)


class InvalidInput(AssessmentError):
    """Error messages for the visitor, by field or question key."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"invalid: {', '.join(sorted(problems))}")
        self.problems = dict(problems)


class InvalidAnswers(AssessmentError):
    """Invalid answers, by question key."""

    def __init__(self, problems: Mapping[str, InvalidAnswer]) -> None:
        super().__init__(f"invalid answers: {', '.join(sorted(problems))}")
        self.problems = dict(problems)


class OtherAssessment(AssessmentError):
    """The posted form belongs to another assessment than the browser's session."""
