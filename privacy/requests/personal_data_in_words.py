"""Render a data subject's personal data for people: labelled fields, questions with answers, dates.

The complete, machine-readable export is privacy/requests/personal_data.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import Assessment, AssessmentSession
from assessments.results.transcript import transcript
from privacy.datamap.labels import ANSWERS, CODED, TABLES, VALUES, Words
from privacy.requests.person import Person
from privacy.requests.personal_data import HeldTable
from scorecard import versions
from scorecard.definition import Definition
from web.formatting import minutes_and_seconds
from web.languages import current_language

Row = Mapping[str, Any]
Line = tuple[Words, str]
ASSESSMENTS = frozenset({"assessments", "assessment_sessions"})
SCORES = ("score_category", "score_breakdown")
OF_SESSION = ("progress", "adaptive_state")
IN_ANSWERS = frozenset({"responses"})  # columns already covered by the answers section


@dataclass(frozen=True, slots=True)
class DataEntry:
    """One row, as lines of (label, text)."""

    title: str  # '' where the lines need no title
    lines: tuple[Line, ...]
    language: str = ""  # of the lines, where they quote a questionnaire


@dataclass(frozen=True, slots=True)
class DataSection:
    """The entries of one table; `table` is its name in the data map, '' for the answers."""

    table: str
    title: Words
    entries: tuple[DataEntry, ...]


def personal_data_in_words(person: Person, tables: Iterable[HeldTable]) -> list[DataSection]:
    """Render these tables, followed by the answers of every assessment with their questions."""
    sections = [table_section(table) for table in tables if table.name not in IN_ANSWERS]
    at = 1 + max((number for number, each in enumerate(sections) if each.table in ASSESSMENTS), default=-1)
    return [each for each in [*sections[:at], answers_section(person), *sections[at:]] if each.entries]


def table_section(table: HeldTable) -> DataSection:
    """Render one table; without a label of its own it is titled by its purpose."""
    title, names = TABLES.get(table.name, (table.purpose, {}))
    rows = [{value.column: value.value for value in row} for row in table.rows]
    entries = (DataEntry("", tuple(named_values(row, names))) for row in rows)
    return DataSection(table.name, title, tuple(entry for entry in entries if entry.lines))


def named_values(row: Row, names: Mapping[str, Words]) -> Iterator[Line]:
    """Yield the labelled, non-empty values of a row."""
    definition = (
        versions.get(row["version_id"]).in_language(current_language()) if row.get("version_id") else None
    )
    for column, name in names.items():
        if row.get(column) not in (None, "", {}, []):
            yield name, value_in_words(column, row[column], definition)


def value_in_words(column: str, value: Any, definition: Definition | None) -> str:
    """Render one value as text."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment_in_words(value)
    if column in CODED:
        return str(VALUES.get(value, value))
    if column == "total_score":
        return _("%(score)s of 100") % {"score": value}
    if column in OF_SESSION:
        return session_state_in_words(column, value)
    if column == "completion_time_seconds":
        return minutes_and_seconds(value)
    if definition and column in SCORES:
        return (
            definition.band(value).name if column == "score_category" else scores_by_area(value, definition)
        )
    return ", ".join(map(str, value.values())) if isinstance(value, dict) else str(value)


def session_state_in_words(column: str, value: Mapping[str, Any]) -> str:
    """Render `5 of 16 questions`, or the keys of the questions that are asked."""
    if column == "progress":
        return _("%(answered)s of %(total)s questions") % value
    return ", ".join(value.get("activeQuestionIds", ()))


def scores_by_area(scores: Mapping[str, int], definition: Definition) -> str:
    """Render scores as `Governance: 20`, one per line, in the order of the form."""
    sections = (section for section in definition.sections if section.key in scores)
    return "\n".join(f"{section.name}: {scores[section.key]}" for section in sections)


def moment_in_words(value: datetime) -> str:
    """Format a date and time in the current language, in UTC."""
    return f"{date_format(value, 'DATE_FORMAT')}, {date_format(value, 'TIME_FORMAT')} UTC"


def answers_section(person: Person) -> DataSection:
    """Render the answers of each assessment, from its session while it is unfinished."""
    unfinished = [assessment for assessment in person.assessments if not assessment.completed_at]
    sessions = AssessmentSession.objects.filter(assessment__in=unfinished)
    found = dict(sessions.values_list("assessment__pk", "responses"))
    entries = (
        answers_entry(assessment, found.get(assessment.pk) or assessment.responses)
        for assessment in person.assessments
    )
    return DataSection("", ANSWERS, tuple(entry for entry in entries if entry.lines))


def answers_entry(assessment: Assessment, given: Mapping[str, Any]) -> DataEntry:
    definition = versions.get(assessment.version_id).in_language(current_language())
    everywhere = {area.key: 0 for area in definition.areas}
    asked = [line for area in transcript(definition, given, everywhere) for line in area.lines]
    pairs = (
        (line.question.text, line.answer if line.chosen else str(given.get(line.question.key) or ""))
        for line in asked
    )
    return DataEntry(
        _("Assessment of %(day)s") % {"day": moment_in_words(assessment.created_at)},
        tuple((question, answer) for question, answer in pairs if answer),
        definition.language,
    )
