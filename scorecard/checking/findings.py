"""What the proof-checker says: each finding with its place and severity. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scorecard.definition import Definition
from scorecard.problems import Path, Problem


class Severity(StrEnum):
    ERROR = "error"  # blocks publishing
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    severity: Severity
    problem: Problem

    @property
    def path(self) -> Path:
        return self.problem.path

    def __str__(self) -> str:
        return f"{self.severity}: {self.problem}"


Found = Iterator[tuple[Severity, Path, str]]


def question_paths(definition: Definition) -> Mapping[str, Path]:
    """Question key -> path in the document."""
    return {
        question.key: ("sections", index, "questions", number)
        for index, section in enumerate(definition.sections)
        for number, question in enumerate(section.questions)
    }
