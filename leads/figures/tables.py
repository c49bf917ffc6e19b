"""The tables of the page *Figures*: names in place of keys, bars, and links to the leads behind a row."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.statistics.dictionary import COLUMNS, TABLES
from leads.figures.names import NAMED, key_of
from leads.figures.period import Span
from leads.figures.segment import Segment
from scorecard import versions
from scorecard.published_names import question_texts

BARS = ("reached", "started", "finished", "answered", "leads")  # the columns that a bar may show
HIDDEN = ("owner_id",)
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


def table_rows(found: Mapping[str, Any], span: Span, segment: Segment) -> Iterator[dict[str, Any]]:
    """Yield each table with its header and rows: (cells, percent of the longest bar, link, group).

    `group`: the question, above the first of its answers; otherwise ''.
    """
    for key, metric in TABLES.items():
        rows = found["figures"][key]
        names = NAMED[key]() if key in NAMED and rows else {}
        groups = question_texts() if key == "answers" and rows else {}
        columns = [name for name in rows[0] if name not in HIDDEN] if rows else []
        columns = [name for name in columns if not (groups and name == "question")]
        bar = next((name for name in BARS if name in columns), "")
        longest = max((row[bar] for row in rows), default=0) if bar else 0
        yield {
            "key": key,
            "metric": metric,
            "header": [_(COLUMNS.get(name, name)) for name in columns],
            "rows": [
                (
                    list(cells(row, columns, names)),
                    round(100 * row[bar] / longest) if longest else 0,
                    leads_behind(key, row, span, segment),
                    group,
                )
                for row, group in with_groups(rows, groups)
            ],
        }


def with_groups(rows: list[dict[str, Any]], texts: Mapping[str, str]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (row, text of its question if it is the first of that question, otherwise '')."""
    before = None
    for row in rows:
        question = row.get("question") if texts else None
        yield row, texts.get(question, question) if question and question != before else ""
        before = question


def cells(row: Mapping[str, Any], columns: list[str], names: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what a row shows: a name in place of its key, and a dash for what is not known."""
    for number, name in enumerate(columns):
        value = row[name]
        if value is None:
            yield "-"
        else:
            yield value if number else names.get(key_of(row), value)


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
