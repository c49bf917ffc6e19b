"""Compute the figures of a period and segment. A fixed number of queries."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import (
    Avg,
    Count,
    DurationField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Cast, Least, TruncDate

from accounts.models import User
from assessments.models import Assessment
from assessments.models.assessment import EmailStatus, SyncStatus
from assessments.statistics.analytics import SECONDS_COUNTED
from leads.figures.landing import Views, start_rate, views_in, with_views
from leads.figures.percentile import Percentile
from leads.figures.period import Span
from leads.figures.questions import answers, questions
from leads.figures.rates import percent, with_rates
from leads.figures.segment import Segment
from leads.figures.splits import splits
from leads.figures.steps import FINISHED, Ended, ended_by_version, funnel
from leads.models import ContactOutcome
from scorecard.models import QuestionnaireVersion

MOST_QUESTIONS_OF = 100_000  # assessments; more answers are too many for a page
MOST_SOURCES = 50
PLAUSIBLE = Q(completion_time_seconds__range=SECONDS_COUNTED)
CONTACTED, IS_LEAD = Q(work__first_contact_at__isnull=False), Q(lead_quality__isnull=False)
QUALIFIED, WON = Q(qualified_for_briefing=True), Q(work__outcome=ContactOutcome.WON)


def figures_of(span: Span, segment: Segment, views: Views | None = None) -> dict[str, Any]:
    """{key of NUMBERS: number or None} and {key of TABLES: rows}; `views` of the landing page, if at hand."""
    chosen, views = segment.assessments(span), views or views_in(span, segment)
    found, ended = numbers(chosen), ended_by_version(chosen)
    found |= {"viewed": views.viewed, "start_rate": start_rate(found["started"], views.viewed)}
    few = found["started"] <= MOST_QUESTIONS_OF
    return {
        **found,
        "funnel": funnel(ended, found),
        "days": by_day(chosen),
        **scores_and_categories(chosen),
        "areas": areas(chosen, ended),
        "questions": questions(chosen, ended) if few else [],
        "answers": answers(chosen, ended) if few else [],
        "owners": by_owner(chosen),
        **(tables := {"sources": by_source(chosen), **splits(chosen)}),
        **with_views(tables, views),
    }


def speed() -> Percentile:
    """The median time from finishing to the first contact."""
    waited = F("work__first_contact_at") - F("completed_at")
    return Percentile(waited, 0.5, DurationField(), filter=CONTACTED & FINISHED)


def numbers(chosen: QuerySet[Assessment, Any]) -> dict[str, Any]:
    row = chosen.aggregate(
        started=Count("pk"),
        finished=Count("pk", filter=FINISHED),
        still_open=Count("pk", filter=~FINISHED & Q(session__isnull=False)),
        median_seconds=Percentile("completion_time_seconds", 0.5, filter=PLAUSIBLE),
        p95_seconds=Percentile("completion_time_seconds", 0.95, filter=PLAUSIBLE),
        average_score=Avg("total_score", filter=FINISHED),
        address=Count("pk", filter=IS_LEAD),
        name=Count("pk", filter=IS_LEAD & Q(contact_depth__gte=2)),
        company=Count("pk", filter=IS_LEAD & Q(contact_depth__gte=3)),
        phone=Count("pk", filter=IS_LEAD & Q(contact_depth__gte=4)),
        qualified=Count("pk", filter=QUALIFIED),
        contacted=Count("pk", filter=CONTACTED),
        won=Count("pk", filter=WON),
        speed_seconds=speed(),
    )
    ended = row["started"] - row.pop("still_open")
    waited = row["speed_seconds"]
    score = row["average_score"]
    return {
        **row,
        "rate": percent(row["finished"], ended),
        "average_score": None if score is None else round(float(score), 1),
        "speed_seconds": None if waited is None else round(waited.total_seconds()),
    }


def by_day(chosen: QuerySet[Assessment, Any]) -> list[dict[str, Any]]:
    rows = chosen.values(day=TruncDate("created_at")).annotate(
        started=Count("pk"),
        finished=Count("pk", filter=FINISHED),
        leads=Count("pk", filter=IS_LEAD),
        delivered=Count("pk", filter=IS_LEAD & Q(hubspot_sync_status=SyncStatus.SYNCED)),
        mailed=Count("pk", filter=Q(email_delivery_status=EmailStatus.SENT)),
    )
    return [{**row, "day": row["day"].isoformat()} for row in rows.order_by("day")]


def scores_and_categories(chosen: QuerySet[Assessment, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables scores and categories. One query."""
    tens = Least(F("total_score") / 10, 9, output_field=IntegerField())
    scored = chosen.filter(Q(total_score__isnull=False) | Q(score_category__isnull=False))
    cells = scored.values("score_category", tens=tens).annotate(
        runs=Count("pk"), scored=Count("total_score"), total=Sum("total_score", default=0)
    )
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


def by_source(chosen: QuerySet[Assessment, Any]) -> list[dict[str, Any]]:
    rows: Any = chosen.values(source=F("referrer_source")).annotate(
        started=Count("pk"),
        finished=Count("pk", filter=FINISHED),
        qualified=Count("pk", filter=QUALIFIED),
        contacted=Count("pk", filter=CONTACTED),
        won=Count("pk", filter=WON),
    )
    found = with_rates(rows.order_by("-started", "source")[:MOST_SOURCES], "started", "finished", "qualified")
    return [{**row, "won_rate": percent(row["won"], row["contacted"])} for row in found]


def by_owner(chosen: QuerySet[Assessment, Any]) -> list[dict[str, Any]]:
    rows: Any = (
        chosen.filter(work__owner__is_test=False)
        .values("work__owner")
        .annotate(
            leads=Count("pk"),
            contacted=Count("pk", filter=CONTACTED),
            meetings=Count("pk", filter=Q(work__outcome=ContactOutcome.MEETING)),
            won=Count("pk", filter=WON),
            speed=speed(),
        )
    )
    found = list(rows.order_by("-leads"))
    owners = User.objects.filter(pk__in=[row["work__owner"] for row in found])
    names = {user.pk: user.get_full_name() for user in owners}
    return [
        {
            "owner": names.get(row["work__owner"], ""),
            "owner_id": str(row.pop("work__owner")),
            "speed_seconds": None if (waited := row.pop("speed")) is None else round(waited.total_seconds()),
            **row,
            "contacted_rate": percent(row["contacted"], row["leads"]),
            "won_rate": percent(row["won"], row["contacted"]),
        }
        for row in found
    ]
