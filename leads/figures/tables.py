"""The tables of the page *Figures*: names in place of keys, bars, and links to the leads behind a row."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.statistics.dictionary import COLUMNS, TABLES
from leads.figures.names import NAMED, key_of
from leads.figures.period import Span
from leads.figures.segment import Segment
from leads.figures.words import shown, unit_of
from scorecard import versions
from scorecard.published_names import question_texts

BARS = ("reached", "started", "finished", "answered", "leads", "average_score")  # what a bar may show
OUT_OF = {"average_score": 100}  # a full bar, where it is not the longest one
HIDDEN = ("owner_id", "label")
NARROW = ("scores", "categories", "areas", "qualities", "outcomes", "deliveries")  # two stand side by side
FILTERS = {  # table -> (filter of the lead list, column with its value)
    "scores": ("score", "score"),
    "categories": ("category", "category"),
    "sources": ("source", "source"),
    "campaigns": ("campaign", "campaign"),
    "languages": ("language", "language"),
    "devices": ("device", "device"),
    "qualities": ("quality", "quality"),
    "owners": ("owner", "owner_id"),
    "outcomes": ("outcome", "outcome"),
    "deliveries": ("sync", "state"),
}
STAGE_FILTERS: Mapping[str, Mapping[str, str]] = {  # number, or stage of the funnel -> filters
    "address": {},
    "qualified": {"quality": "executive_briefing_qualified"},
    "won": {"outcome": "won"},
}

Shown = tuple[list[Any], int, str, str]


def table_rows(found: Mapping[str, Any], span: Span, segment: Segment) -> Iterator[dict[str, Any]]:
    """Yield each table with its header and rows: (cells, percent of a full bar, link, question).

    `question`: of an answer, otherwise empty. `questions`: the rows of answers by question; `columns` and
    `most`: a chart of days; `worst`: a question, and how many left at it.
    """
    for key, metric in TABLES.items():
        rows = found["figures"][key]
        names = NAMED[key]() if key in NAMED and rows else {}
        groups = question_texts() if key == "answers" and rows else {}
        columns = [name for name in rows[0] if name not in HIDDEN] if rows else []
        columns = [name for name in columns if not (groups and name == "question")]
        bar = next((name for name in BARS if name in columns), "")
        most = max((row[bar] for row in rows), default=0) if bar else 0
        longest = OUT_OF.get(bar, most)
        listed: list[Shown] = [
            (
                list(cells(row, columns, names)),
                round(100 * row[bar] / longest) if longest else 0,
                leads_behind(key, row, span, segment),
                groups.get(row["question"], row["question"]) if groups else "",
            )
            for row in rows
        ]
        yield {
            "key": key,
            "metric": metric,
            "header": [_(COLUMNS.get(name, name)) for name in columns],
            "rows": listed,
            "is_narrow": key in NARROW,
            "questions": by_question(listed) if groups else [],
            "columns": day_columns(rows, span) if key == "days" else [],
            "most": most,
            "worst": worst_question(rows, names) if key == "questions" else (),
        }


def by_question(rows: Iterable[Shown]) -> list[tuple[str, Any, Any, list[Shown]]]:
    """[(question, its commonest answer, percent of that, rows)] of the table of answers."""
    found = []
    for question, own in groupby(rows, key=lambda row: row[3]):
        answers = list(own)
        (answer, _count, share), *_rest = max(answers, key=lambda row: row[1])
        found.append((question, answer, share, answers))
    return found


def worst_question(rows: Iterable[Mapping[str, Any]], names: Mapping[str, Any]) -> tuple[Any, ...]:
    """(question, how many gave up at it), where most did; () without one."""
    worst = max(rows, key=lambda row: row["left"] or 0, default=None)
    return (names.get(worst["question"], worst["question"]), worst["left"]) if worst and worst["left"] else ()


def day_columns(rows: Iterable[Mapping[str, Any]], span: Span) -> list[dict[str, float]]:
    """A column for each day on which something was started; places and heights in percent of the chart."""
    days = list(rows)
    tallest = max((row["started"] for row in days), default=0)
    found = []
    for row in days:
        started, finished = (round(100 * row[name] / tallest, 1) for name in ("started", "finished"))
        place = (date.fromisoformat(row["day"]) - span.first).days
        found.append(
            {
                "x": round(100 * place / span.days, 2),
                "width": round(80 / span.days, 2),
                "started": started,
                "started_top": round(100 - started, 1),
                "finished": finished,
                "finished_top": round(100 - finished, 1),
            }
        )
    return found


def cells(row: Mapping[str, Any], columns: list[str], names: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what a row shows: a name in place of its key, and numbers in words."""
    for number, name in enumerate(columns):
        value = row[name]
        if number:
            yield value if isinstance(value, str) else shown(value, unit_of(name))
        else:
            yield names.get(key_of(row), "-" if value is None else value)


def leads_behind(table: str, row: Mapping[str, Any], span: Span, segment: Segment) -> str:
    """The list of the leads that a row counts, '' where the list has no such filter."""
    if table == "funnel":
        return leads_of_stage(row["stage"], span, segment)
    name, column = FILTERS.get(table, ("", ""))
    value = row.get(column)
    return lead_list(span, segment, {name: str(value)}) if value else ""


def leads_of_stage(stage: str, span: Span, segment: Segment) -> str:
    """The list of the leads of a number or a stage of the funnel, '' where it has no such filter."""
    return lead_list(span, segment, STAGE_FILTERS[stage]) if stage in STAGE_FILTERS else ""


def lead_list(span: Span, segment: Segment, filters: Mapping[str, str]) -> str:
    """The list of leads under these filters and the segment; '' where it has no filter for the segment."""
    values = {name: list(given) for name, given in segment.values.items()}
    unlisted = set(values.get("questionnaire", ())) - set(versions.live_keys())
    if unlisted or "variant" in values or any("-" in given for given in values.values()):
        return ""
    query: dict[str, Any] = {"tab": "all", "from": span.first, "until": span.last}
    if not segment.marked:
        query["doubts"] = "none"
    return f"{reverse('admin:leads_lead_changelist')}?{urlencode({**query, **values, **filters}, doseq=True)}"
