"""Reading a questionnaire's YAML files into typed values, with errors reported by line.

`form.yaml` is the whole questionnaire in its source language; `form.de.yaml` beside it is a translation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scorecard import validation
from scorecard.checking import Checked, Finding, Severity, blocking, check
from scorecard.content.documents import check_document
from scorecard.content.fields import LANGUAGES
from scorecard.content.shape import QuestionnaireContent
from scorecard.content.source import Source, SourceError, parse_yaml
from scorecard.content.stand_ins import is_certain, with_stand_ins
from scorecard.definition import Definition
from scorecard.problems import Path as Place
from scorecard.problems import Problem, QuestionnaireErrors, Words, path_in_words, problem_at

AT_LINE = Words("%(file)s:%(line)s: %(problem)s")


class ContentErrors(Exception):
    """The files are invalid; `lines` holds every error, ready to print: `file:line: place: problem`."""

    def __init__(self, lines: Sequence[Words]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


@dataclass(frozen=True, slots=True)
class _Part:
    """One file, and the path of its content in the combined document."""

    file: Path
    place: Place
    source: Source

    def line(self, place: Place) -> int:
        return self.source.line(place[len(self.place) :])


def read_questionnaire(file: Path, *, publishable: bool = False) -> QuestionnaireContent:
    """Read a questionnaire from a YAML file and its translations from the files beside it.

    With `publishable`, also apply the rules of publishing. Raises ContentErrors.
    """
    parts = _parts(file)
    document = _whole(parts)
    found: list[tuple[int, int, Problem]] = [  # index of the part, line in it, problem
        (number, line, problem_at(document, (*part.place, *path), Words("is there twice")))
        for number, part in enumerate(parts)
        for path, line in part.source.doubles
    ]
    if (inline := ("translations",)) in parts[0].source.lines:
        name = f"{file.stem}.de{file.suffix}"
        words = Words("belong in files of their own, such as %(name)s", name=name)
        found.append((0, parts[0].line(inline), problem_at(document, inline, words)))
    held_against = blocking if publishable else validation.contradictions
    try:
        content = check_document(document)
        problems = [_at_its_rule(item, content) for item in held_against(content.definition())]
    except QuestionnaireErrors as errors:
        problems = [*errors.problems, *_besides_the_schema(document, held_against)]
    for item in problems:
        number = _part_of(parts, item.path)
        found.append((number, parts[number].line(item.path), item))
    if found:
        found.sort(key=lambda entry: entry[:2])
        raise ContentErrors(
            [
                AT_LINE.having(file=parts[number].file, line=line, problem=item.words)
                for number, line, item in found
            ]
        )
    return content


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """`lines` holds each finding, ready to print: `severity file:line: place: problem`, errors first."""

    lines: tuple[str, ...]
    is_publishable: bool
    checked: Checked | None = None  # None where the files cannot be read as a questionnaire


def check_files(file: Path) -> CheckedFiles:
    """What the proof-checker finds in a questionnaire's files."""
    try:
        content = read_questionnaire(file)
    except ContentErrors as errors:
        return CheckedFiles(tuple(f"{Severity.ERROR} {line}" for line in _all_errors(file, errors)), False)
    parts = _parts(file)
    checked = check(content.definition())
    lines = [_line_of(parts, finding, content) for finding in checked.findings]
    return CheckedFiles(tuple(lines), not checked.errors, checked)


def _all_errors(file: Path, errors: ContentErrors) -> tuple[str, ...]:
    """The errors of a draft, and those of publishing besides."""
    try:
        read_questionnaire(file, publishable=True)
    except ContentErrors as all_errors:
        return all_errors.lines
    return errors.lines


def _line_of(parts: Sequence[_Part], finding: Finding, content: QuestionnaireContent) -> str:
    item = _at_its_rule(finding.problem, content)
    part = parts[_part_of(parts, item.path)]
    return f"{finding.severity} {part.file}:{part.line(item.path)}: {item}"


def _parts(file: Path) -> list[_Part]:
    return [_Part(file, (), _source(file)), *_translations(file)]


def _besides_the_schema(
    document: object, held_against: Callable[[Definition], list[Problem]]
) -> Iterator[Problem]:
    """What else is wrong with a document that breaks the schema."""
    if mended := with_stand_ins(document):
        content, stand_ins = mended
        for item in held_against(content.definition()):
            if is_certain(found := _at_its_rule(item, content), stand_ins):
                yield replace(found, place=path_in_words(document, found.path))


def _at_its_rule(item: Problem, content: QuestionnaireContent) -> Problem:
    """The problem of a rule with the path at which the rule is written."""
    if item.path[:1] != ("rules",) or len(item.path) < 2:
        return item
    written, _ = content.all_rules()[int(item.path[1])]
    return replace(item, path=(*written, *item.path[2:]))


def _translations(file: Path) -> list[_Part]:
    """The translation files (`form.de.yaml`), sorted by language. Files with other names are ignored."""
    beside = {code: file.with_name(f"{file.stem}.{code}{file.suffix}") for code in sorted(LANGUAGES)}
    return [
        _Part(path, ("translations", code), _source(path)) for code, path in beside.items() if path.exists()
    ]


def _whole(parts: Sequence[_Part]) -> object:
    """The document of the first part, with the other parts inserted at their paths."""
    document = parts[0].source.document
    if isinstance(document, dict) and (others := {part.place[1]: part.source.document for part in parts[1:]}):
        return document | {"translations": others}
    return document


def _part_of(parts: Sequence[_Part], place: Place) -> int:
    """The index of the part that contains this place."""
    return next((number for number, part in enumerate(parts) if number and place[:2] == part.place), 0)


def _source(file: Path) -> Source:
    try:
        return parse_yaml(file)
    except SourceError as error:
        words = AT_LINE if error.line else Words("%(file)s: %(problem)s")
        raise ContentErrors([words.having(file=file, line=error.line, problem=error.words)]) from None
