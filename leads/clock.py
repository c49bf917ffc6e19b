"""The clock of a new lead, in business hours: call it now, soon, today, or it is overdue."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from constance import config
from django.db.models import Case, CharField, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from leads.business_hours import BusinessHours, parse_hours

NOW = timedelta(minutes=5)  # the chance of reaching a lead drops sharply after this
SOON = timedelta(minutes=30)


class Urgency(StrEnum):
    """How urgent it is to call a lead. Fresh ones come first: they are the likeliest to be reached."""

    NOW = "now"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Urgency.NOW: _("Call now"),
    Urgency.SOON: _("Within 30 min"),
    Urgency.TODAY: _("Today"),
    Urgency.OVERDUE: _("Overdue"),
}

URGENCY_TONES = {Urgency.NOW: "good", Urgency.SOON: "good", Urgency.TODAY: "warn", Urgency.OVERDUE: "bad"}


@dataclass(frozen=True, slots=True)
class Clock:
    """For each state but the last, the moment since which a lead must have come to be in it."""

    since: tuple[tuple[Urgency, datetime], ...]

    def urgency(self, completed_at: datetime) -> Urgency:
        return next((state for state, moment in self.since if completed_at >= moment), Urgency.OVERDUE)

    @property
    def ranges(self) -> list[Q]:
        """The condition of each state, most urgent first."""
        moments = [moment for _, moment in self.since]
        lower = [*(Q(completed_at__gte=moment) for moment in moments), Q()]
        upper = [Q(), *(Q(completed_at__lt=moment) for moment in moments)]
        return [since & until for since, until in zip(lower, upper, strict=True)]

    @property
    def as_rank(self) -> Case:
        """The urgency of a row as a number, most urgent first: an order by one sort key."""
        cases = [
            When(completed_at__gte=moment, then=Value(rank)) for rank, (_, moment) in enumerate(self.since)
        ]
        return Case(*cases, default=Value(len(self.since)), output_field=IntegerField())

    @property
    def as_column(self) -> Case:
        """The urgency of a row as its name."""
        cases = [When(completed_at__gte=moment, then=Value(str(state))) for state, moment in self.since]
        return Case(*cases, default=Value(str(Urgency.OVERDUE)), output_field=CharField())


def business_hours() -> BusinessHours:
    """The hours of sales in the run-time settings."""
    return parse_hours(config.SALES_HOURS, config.SALES_TIME_ZONE)


def clock(now: datetime, hours: BusinessHours | None = None) -> Clock:
    hours = hours or business_hours()
    now_since, soon_since = hours.before(now, NOW), hours.before(now, SOON)
    today_since = min(hours.start_of_day(now), soon_since)
    return Clock(((Urgency.NOW, now_since), (Urgency.SOON, soon_since), (Urgency.TODAY, today_since)))
