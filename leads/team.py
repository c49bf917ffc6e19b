"""How the team does: open leads, speed to lead and outcomes of each owner, over the last 30 days.

Of very many leads only those taken last count: enough for a median, and the page stays quick.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DurationField, F, Q
from django.http import HttpRequest

from leads.figures.percentile import Percentile
from leads.models import CLOSED, ContactOutcome, LeadWork
from web.formatting import duration_in_words

PERIOD = timedelta(days=30)
MOST = 5_000  # leads


@dataclass(frozen=True, slots=True)
class Colleague:
    """`speed`: the median time from finishing to the first contact, in words; '' without one."""

    name: str
    taken: int
    open: int
    overdue: int  # follow-ups whose day has passed
    contacted: int
    meetings: int
    won: int
    speed: str


def recent_owners(now: datetime) -> list[Colleague]:
    """Return the owners of leads that were taken or contacted lately, by name. One query."""
    taken = LeadWork.objects.filter(owner__isnull=False, owned_at__gte=now - PERIOD)
    recent = LeadWork.objects.filter(pk__in=taken.order_by("-owned_at").values("pk")[:MOST])
    is_open = ~Q(outcome__in=CLOSED) & Q(assessment__email_scrubbed_at__isnull=True)
    rows: Any = recent.values("owner__full_name", "owner__email").annotate(
        taken=Count("pk"),
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(follow_up_on__lt=now.date())),
        contacted=Count("first_contact_at"),
        meetings=Count("pk", filter=Q(outcome=ContactOutcome.MEETING)),
        won=Count("pk", filter=Q(outcome=ContactOutcome.WON)),
        speed=Percentile(F("first_contact_at") - F("assessment__completed_at"), 0.5, DurationField()),
    )
    return [
        Colleague(
            name=row.pop("owner__full_name") or row["owner__email"],
            speed=duration_in_words(speed) if (speed := row.pop("speed")) is not None else "",
            **{name: row[name] for name in ("taken", "open", "overdue", "contacted", "meetings", "won")},
        )
        for row in rows.order_by("owner__full_name", "owner__email")
    ]


def team_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, Any]:
    team = recent_owners(now)
    is_full = sum(each.taken for each in team) == MOST
    return {"team": team, "days": PERIOD.days, "most": MOST if is_full else None}
