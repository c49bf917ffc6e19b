"""Views of the landing page in a period and segment, from the daily figures; or why they cannot be told.

Views are counted by each of their attributes apart, so a segment may name one of these and a questionnaire.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments.models import Assessment
from assessments.statistics.coarsening import retention_limit
from assessments.statistics.figure import OTHER, VIEWED, DailyFigure, Figure
from assessments.statistics.landing import views_known_from
from assessments.statistics.view_counting import DEVICE, LANGUAGE
from leads.figures.period import Span
from leads.figures.rates import percent
from leads.figures.segment import Segment

NO_SOURCE = "-"  # as the segment has it
MOST_NAMES = 50  # of a table that nothing but views have
ATTRIBUTES: Mapping[str, tuple[Figure, str]] = {  # of a segment -> figure and part
    "source": (Figure.REFERRER, VIEWED),
    "campaign": (Figure.CAMPAIGN, VIEWED),
    "language": (Figure.VIEW, LANGUAGE),
    "device": (Figure.VIEW, DEVICE),
}
TABLES = {"sources": "source", "campaigns": "campaign", "languages": "language", "devices": "device"}


@dataclass(frozen=True, slots=True)
class Views:
    """`viewed`: None where it is not known, and `unknown` says why. `by`: attribute -> value -> views."""

    viewed: int | None
    unknown: str = ""
    by: Mapping[str, Counter[str]] = field(default_factory=dict)


def views_in(span: Span, segment: Segment) -> Views:
    """The views of this period and segment, or why they are not known. At most five queries."""
    if why := not_of_segment(segment) or not_of_period(span):
        return Views(None, why)
    counts = counted(span, segment.values.get("questionnaire", ()))
    chosen = [(name, values) for name, values in segment.values.items() if name in ATTRIBUTES]
    if not chosen:
        return Views(counts[""][""], by={name: counts[name] for name in ATTRIBUTES})
    ((name, values),) = chosen
    if name in ("source", "campaign") and OTHER in counts[name]:
        return Views(None, _("These days have too many names of sources and campaigns to count all apart."))
    return Views(sum(counts[name][value] for value in values))


def not_of_segment(segment: Segment) -> str:
    if segment.marked:
        return _("Views of robots and of staff are not counted.")
    named = set(segment.values) - {"questionnaire"}
    if named - set(ATTRIBUTES):
        return _("A view has no variant and no quality.")
    if len(named) > 1:
        return _("Views are counted by source, campaign, language and device, by each of them apart.")
    return ""


def not_of_period(span: Span) -> str:
    since, limit = views_known_from(), retention_limit(timezone.now().date())
    if since is None:
        return _("None was counted yet.")
    if span.first < limit:
        return _("Days before %(day)s are in the dashboard alone.") % {"day": in_words(limit)}
    if span.first < since:
        return _("They are counted since %(day)s.") % {"day": in_words(since)}
    return _("Assessments of these days were purged.") if is_purged(span) else ""


def in_words(day: date) -> str:
    return date_format(day, _("j F Y"))


def is_purged(span: Span) -> bool:
    """Whether the daily figures know assessments that are gone: a purge deletes the oldest. Two queries."""
    oldest = Assessment.objects.order_by("created_at").values_list("created_at", flat=True).first()
    started = DailyFigure.objects.filter(figure=Figure.STARTED, day__gte=span.first, assessments__gt=0)
    before = Q(day__lte=span.last) if oldest is None else Q(day__lte=span.last, day__lt=oldest.date())
    return started.filter(before).exists()


def counted(span: Span, questionnaires: Iterable[str]) -> dict[str, Counter[str]]:
    """Attribute -> value -> views; all views under ''. One query."""
    wanted = Q(figure=Figure.VIEW) | Q(figure__in=(Figure.REFERRER, Figure.CAMPAIGN), part=VIEWED)
    rows = DailyFigure.objects.filter(wanted, day__range=(span.first, span.last))
    if chosen := list(questionnaires):
        rows = rows.filter(version__questionnaire__key__in=chosen)
    attributes = {key: name for name, key in ATTRIBUTES.items()} | {(Figure.VIEW, ""): ""}
    found: dict[str, Counter[str]] = defaultdict(Counter)
    cells = rows.values_list("figure", "part", "name").annotate(count=Sum("assessments"))
    for figure, part, value, count in cells:
        found[attributes[figure, part]][value] += count
    found["source"][NO_SOURCE] = found[""][""] - found["source"].total()
    return found


def start_rate(started: int, viewed: int | None) -> float | None:
    """Percent of views; None where more were started than viewed, by the API or a link of an earlier day."""
    return None if viewed is None or started > viewed else percent(started, viewed)


def with_views(tables: Mapping[str, Any], views: Views) -> dict[str, Any]:
    """The tables that views can be told by, with a column of views and the rate of starts."""
    return {
        key: rows_with_views(tables[key], name, views.by[name]) if name in views.by else tables[key]
        for key, name in TABLES.items()
    }


def rows_with_views(
    rows: Sequence[Mapping[str, Any]], name: str, views: Mapping[str, int]
) -> list[dict[str, Any]]:
    """The rows with views; those that nothing but views have come last, the most viewed first."""
    if not rows:
        return []
    empty = {key: None if key.endswith("_rate") else 0 for key in rows[0]}
    known = {row[name] or NO_SOURCE for row in rows}
    others = sorted(set(views) - known - {NO_SOURCE}, key=lambda value: (-views[value], value))
    added = [{**empty, name: value} for value in others[:MOST_NAMES]]
    return [one_with_views(row, name, views.get(row[name] or NO_SOURCE, 0)) for row in (*rows, *added)]


def one_with_views(row: Mapping[str, Any], name: str, viewed: int) -> dict[str, Any]:
    rate = start_rate(row["started"], viewed)
    return {name: row[name], "viewed": viewed, "started": row["started"], "started_rate": rate, **row}
