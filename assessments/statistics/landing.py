"""Views of the landing page, read from the daily figures."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from assessments.statistics.figure import COUNT, DailyFigure, Figure, PeriodQuery
from assessments.statistics.histograms import percent
from assessments.statistics.periods import Period
from web.databases.unchanging import Unchanging


@dataclass(frozen=True, slots=True)
class LandingViews:
    """Views of the landing page, and the assessments started, from that day on."""

    first: str  # 2026-11-28
    viewed: int
    started: int

    @property
    def rate(self) -> int:
        """Percent of views after which an assessment was started."""
        return percent(self.started, self.viewed)


def first_days() -> QuerySet[DailyFigure, Any]:
    """(figure, first day) of views and of starts."""
    views, starts = (
        DailyFigure.objects.filter(figure=figure).order_by("day").values_list("figure", "day")[:1]
        for figure in (Figure.VIEW, Figure.STARTED)
    )
    return views.union(starts, all=True)


FIRST_DAYS = Unchanging(first_days)
VIEWS_AND_STARTS = PeriodQuery(
    lambda rows: (
        rows.filter(figure__in=(Figure.VIEW, Figure.STARTED), part="")
        .values_list("figure")
        .annotate(count=COUNT)
    )
)


def views_known_from() -> date | None:
    """The first day of which all views are counted; None before any is. One query.

    It is the day of the first view where nothing was started before, otherwise the one after: views were
    counted for a part of that day only.
    """
    days = dict(FIRST_DAYS.rows())
    day: date | None = days.get(Figure.VIEW)
    if day and day > days.get(Figure.STARTED, date.max):
        return day + timedelta(days=1)
    return day


def landing_views(period: Period) -> tuple[LandingViews, ...]:
    """One row; () where no view is counted in the period."""
    since = views_known_from()
    if since is None or since > period.last:
        return ()
    known = Period(max(since, period.first), period.last, period.versions)
    counts = dict(VIEWS_AND_STARTS.rows(known))
    viewed = counts.get(Figure.VIEW, 0)
    row = LandingViews(known.first.isoformat(), viewed, counts.get(Figure.STARTED, 0))
    return (row,) if viewed else ()
