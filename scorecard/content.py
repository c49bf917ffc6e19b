"""A questionnaire file, read into typed values; what is wrong with it is told by line."""

from collections.abc import Sequence
from pathlib import Path

from scorecard import validation
from scorecard.documents import check
from scorecard.problems import Problem, QuestionnaireErrors, problem
from scorecard.shape import QuestionnaireContent
from scorecard.source import Source, SourceError
from scorecard.source import read as read_source


class ContentErrors(Exception):
    """All that is wrong with a file; `lines` are ready to print: `file:line: place: problem`."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def read(file: Path, *, publishable: bool = False) -> QuestionnaireContent:
    """The questionnaire in a YAML file; `publishable` asks for all that publishing asks for, too.

    Raises ContentErrors.
    """
    source = _source(file)
    found = [(line, problem(source.document, path, "is there twice")) for path, line in source.doubles]
    try:
        content = check(source.document)
        held_against = validation.problems if publishable else validation.doubles
        problems = held_against(content.definition())
    except QuestionnaireErrors as errors:
        problems = list(errors.problems)
    found += [(source.line(item.path), item) for item in problems]
    if found:
        raise ContentErrors(_report(file, found))
    return content


def _source(file: Path) -> Source:
    try:
        return read_source(file)
    except SourceError as error:
        place = f"{file}:{error.line}" if error.line else f"{file}"
        raise ContentErrors([f"{place}: {error}"]) from None


def _report(file: Path, found: list[tuple[int, Problem]]) -> list[str]:
    return [f"{file}:{line}: {item}" for line, item in sorted(found, key=lambda entry: entry[0])]
