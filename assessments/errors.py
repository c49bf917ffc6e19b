"""What can be wrong with a request about an assessment. Pages put it in words, the API in its error body."""

from collections.abc import Mapping, Sequence


class AssessmentError(Exception):
    """The request cannot be served as it stands."""


class SessionExpired(AssessmentError):
    """No open session: its time is over, or there never was one."""


class AssessmentNotFound(AssessmentError):
    """No such assessment for whoever asks."""


class ResultClosed(SessionExpired):
    """A result, asked for without an open session."""


class ResultOfAnother(AssessmentNotFound):
    """A result, if there is one, that is not of this session."""


class AlreadySubmitted(AssessmentError):
    """The answers are final."""


class LinkClosed(AssessmentError):
    """A link that leads nowhere any more: `reason` is unknown, revoked, expired or finished."""

    def __init__(self, purpose: str, reason: str) -> None:
        super().__init__(f"{purpose} link: {reason}")
        self.purpose, self.reason = purpose, reason


class Incomplete(AssessmentError):
    """Required questions without an answer, by key in the order of the form."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"{len(missing)} required questions have no answer")
        self.missing = tuple(missing)


class InvalidInput(AssessmentError):
    """What is wrong, by field or question key, in words for the person who typed it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"invalid: {', '.join(sorted(problems))}")
        self.problems = dict(problems)
