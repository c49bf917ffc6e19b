"""What we hold of one person, in words that she reads: names of fields, answers with their questions, dates.

Programs read privacy/requests/personal_data.py, which leaves nothing out.
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
from web.durations import minutes
from web.languages import spoken

Row = Mapping[str, Any]
Line = tuple[Words, str]
RUNS = frozenset({"assessments", "assessment_sessions"})
IN_ANSWERS = frozenset({"responses"})  # the table says by question what the runs hold in a column


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its lines as (name, words)."""

    title: str  # '' where the lines say enough
    lines: tuple[Line, ...]
    language: str = ""  # of the lines, where they are content of a questionnaire


@dataclass(frozen=True, slots=True)
class Section:
    """What one table says; `table` is its name in the data map, '' for the answers."""

    table: str
    title: Words
    entries: tuple[Entry, ...]


def readable(person: Person, tables: Iterable[HeldTable]) -> list[Section]:
    """The same tables for people to read, and the answers of every run as questions with answers."""
    told = [section(table) for table in tables if table.name not in IN_ANSWERS]
    at = 1 + max((number for number, each in enumerate(told) if each.table in RUNS), default=-1)
    return [each for each in [*told[:at], answers(person), *told[at:]] if each.entries]


def section(table: HeldTable) -> Section:
    """A table without a name of its own is called by its purpose."""
    title, names = TABLES.get(table.name, (table.purpose, {}))
    rows = [{value.column: value.value for value in row} for row in table.rows]
    entries = (Entry("", tuple(lines(row, names))) for row in rows)
    return Section(table.name, title, tuple(entry for entry in entries if entry.lines))


def lines(row: Row, names: Mapping[str, Words]) -> Iterator[Line]:
    """What a row tells under the names that the person knows; what is empty tells nothing."""
    definition = versions.get(row["version_id"]).in_language(spoken()) if row.get("version_id") else None
    for column, name in names.items():
        if row.get(column) not in (None, "", {}, []):
            yield name, shown(column, row[column], definition)


def shown(column: str, value: Any, definition: Definition | None) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if column in CODED:
        return str(VALUES.get(value, value))
    if column == "total_score":
        return _("%(score)s of 100") % {"score": value}
    if column == "completion_time_seconds":
        return minutes(value)
    if column == "score_category" and definition:
        return definition.band(value).name
    if column == "score_breakdown" and definition:
        return by_area(value, definition)
    return ", ".join(map(str, value.values())) if isinstance(value, dict) else str(value)


def by_area(scores: Mapping[str, int], definition: Definition) -> str:
    """`Governance: 20`, one a line, in the order of the form."""
    told = (section for section in definition.sections if section.key in scores)
    return "\n".join(f"{section.name}: {scores[section.key]}" for section in told)


def moment(value: datetime) -> str:
    """Day and time as the language of the page writes them, in UTC."""
    return f"{date_format(value, 'DATE_FORMAT')}, {date_format(value, 'TIME_FORMAT')} UTC"


def answers(person: Person) -> Section:
    """The answers of each run, from its session while it is open."""
    unfinished = [run for run in person.runs if not run.completed_at]
    sessions = AssessmentSession.objects.filter(assessment__in=unfinished)
    found = dict(sessions.values_list("assessment__pk", "responses"))
    entries = (of_run(run, found.get(run.pk, run.responses)) for run in person.runs)
    return Section("", ANSWERS, tuple(entry for entry in entries if entry.lines))


def of_run(run: Assessment, given: Mapping[str, str]) -> Entry:
    definition = versions.get(run.version_id).in_language(spoken())
    everywhere = {section.key: 0 for section in definition.sections}
    asked = [line for area in transcript(definition, given, everywhere) for line in area.lines]
    said = (
        (line.question.text, line.answer if line.chosen else str(given.get(line.question.key) or ""))
        for line in asked
    )
    return Entry(
        _("Assessment of %(day)s") % {"day": moment(run.created_at)},
        tuple((question, answer) for question, answer in said if answer),
        definition.language,
    )
