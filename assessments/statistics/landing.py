"""Views of the landing page, read from the daily figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from assessments.statistics.figure import DailyFigure, Figure, figures_in
from assessments.statistics.histograms import percent
from assessments.statistics.periods import Period


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


def views_known_from() -> date | None:
    """The first day of which all views are counted; None before any is. Two queries.

    It is the day of the first view where nothing was started before, otherwise the one after: views were
    counted for a part of that day only.
    """
    views = DailyFigure.objects.filter(figure=Figure.VIEW)
    day = views.order_by("day").values_list("day", flat=True).first()
    if day and DailyFigure.objects.filter(figure=Figure.STARTED, day__lt=day).exists():
        return day + timedelta(days=1)
    return day


def landing_views(period: Period) -> tuple[LandingViews, ...]:
    """One row; () where no view is counted in the period."""
    since = views_known_from()
    if since is None or since > period.last:
        return ()
    known = Period(max(since, period.first), period.last, period.versions)
    rows = figures_in(known, Figure.VIEW, Figure.STARTED).filter(part="").values_list("figure")
    counts = dict(rows.annotate(count=Sum("assessments")))
    viewed = counts.get(Figure.VIEW, 0)
    row = LandingViews(known.first.isoformat(), viewed, counts.get(Figure.STARTED, 0))
    return (row,) if viewed else ()
