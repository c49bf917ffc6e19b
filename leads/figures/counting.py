"""Compute the figures of a period and segment. A fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Avg, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast

from accounts.models import User
from assessments.models import Assessment
from leads.figures.cells import Row, cells_of
from leads.figures.landing import Views, start_rate, views_in, with_views
from leads.figures.period import Span
from leads.figures.questions import answers, questions
from leads.figures.rates import percent, with_rates
from leads.figures.segment import Segment
from leads.figures.splits import splits
from leads.figures.steps import FINISHED, Ended, ended_by_version, funnel
from scorecard.models import QuestionnaireVersion

MOST_QUESTIONS_OF = 100_000  # assessments; more answers are too many for a page


def figures_of(span: Span, segment: Segment, views: Views | None = None) -> dict[str, Any]:
    """{key of NUMBERS: number or None} and {key of TABLES: rows}; `views` of the landing page, if at hand."""
    chosen, views = segment.assessments(span), views or views_in(span, segment)
    cells = cells_of(chosen)
    found, ended = numbers(cells.numbers), ended_by_version(cells.ended)
    found |= {"viewed": views.viewed, "start_rate": start_rate(found["started"], views.viewed)}
    few = found["started"] <= MOST_QUESTIONS_OF
    return {
        **found,
        "funnel": funnel(ended, found),
        "days": cells.days,
        **scores_and_categories(cells.scores),
        "areas": areas(chosen, ended),
        "questions": questions(chosen, ended) if few else [],
        "answers": answers(chosen, ended) if few else [],
        "owners": by_owner(cells.owners),
        **(tables := {"sources": by_source(cells.sources), **splits(cells.splits, cells.campaigns)}),
        **with_views(tables, views),
    }


def numbers(counted: Row) -> Row:
    row = dict(counted)
    ended = row["started"] - row.pop("still_open")
    waited, score = row["speed_seconds"], row["average_score"]
    times = {name: row[name] for name in ("median_seconds", "p95_seconds")}
    return {
        **row,
        **{name: None if seconds is None else float(seconds) for name, seconds in times.items()},
        "rate": percent(row["finished"], ended),
        "average_score": None if score is None else round(float(score), 1),
        "speed_seconds": None if waited is None else round(waited),
    }


def scores_and_categories(cells: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of the tables scores and categories."""
    by_tens: Counter[int] = Counter()
    by_category: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        by_tens[cell["tens"]] += cell["scored"]
        if cell["score_category"] is not None:
            sums = {name: cell[name] for name in ("runs", "scored", "total")}
            by_category[cell["score_category"]].update(sums)
    means = {category: sums["total"] / sums["scored"] for category, sums in by_category.items()}
    labels = [f"{ten * 10}-{100 if ten == 9 else ten * 10 + 9}" for ten in range(10)]
    return {
        "scores": [{"score": label, "finished": by_tens[ten]} for ten, label in enumerate(labels)],
        "categories": [
            {
                "category": category,
                "finished": by_category[category]["runs"],
                "average_score": round(means[category], 1),
            }
            for category in sorted(means, key=lambda category: -means[category])
        ],
    }


def areas(chosen: QuerySet[Assessment, Any], ended: Ended) -> list[dict[str, Any]]:
    """Mean score by area, read from the score breakdown. Two queries, of which one reads a row a version."""
    finished = chosen.filter(FINISHED)
    one = finished.filter(version=OuterRef("pk")).order_by().values("score_breakdown")[:1]
    versions = QuestionnaireVersion.objects.filter(pk__in=ended).annotate(breakdown=Subquery(one))
    ordered = sorted({key for each in versions.values_list("breakdown", flat=True) for key in each or {}})
    if not ordered:
        return []
    means = finished.aggregate(
        **{
            f"area_{n}": Avg(Cast(F(f"score_breakdown__{key}"), IntegerField()))
            for n, key in enumerate(ordered)
        }
    )
    return [
        {"area": key, "average_score": round(float(mean), 1)}
        for n, key in enumerate(ordered)
        if (mean := means[f"area_{n}"]) is not None
    ]


def by_source(rows: Iterable[Row]) -> list[Row]:
    found = with_rates(rows, "started", "finished", "qualified")
    return [{**row, "won_rate": percent(row["won"], row["contacted"])} for row in found]


def by_owner(rows: Collection[Row]) -> list[Row]:
    """Without owners for tests. One query."""
    owners = User.objects.filter(pk__in=[row["owner_id"] for row in rows], is_test=False)
    names = {str(user.pk): user.get_full_name() for user in owners}
    return [
        {
            **row,
            "owner": names[row["owner_id"]],
            "speed_seconds": None if (waited := row["speed_seconds"]) is None else round(waited),
            "contacted_rate": percent(row["contacted"], row["leads"]),
            "won_rate": percent(row["won"], row["contacted"]),
        }
        for row in rows
        if row["owner_id"] in names
    ]
