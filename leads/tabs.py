"""The tabs of the lead list: which leads are on each, and in which order."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from assessments.lifecycle.consents import silence_allows
from assessments.models.assessment import SyncStatus
from assessments.models.contact import CONTACT_FIELDS
from leads.clock import Clock, Urgency
from leads.models import CLOSED, Lead, LeadWork
from web.databases.unchanging import Given, Unchanging


class Tab(StrEnum):
    CALL = "call"
    MINE = "mine"
    FOLLOW_UP = "follow_up"
    UNFINISHED = "unfinished"
    ALL = "all"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Tab.CALL: _("Call now"),
    Tab.MINE: _("Mine"),
    Tab.FOLLOW_UP: _("Follow up today"),
    Tab.UNFINISHED: _("Left unfinished"),
    Tab.ALL: _("All"),
}
CLOSED_WORK = Q(work__outcome__in=CLOSED)
NO_OWNER = Q(work__owner__isnull=True)
# Urgent ones first, then the better ones, then those whose answers show the greater need.
BY_URGENCY = ("urgency_rank", "-qualified_for_briefing", "-lead_quality", "total_score", "-completed_at")
# What remains of it among leads of one urgency: the order of the index assessments_calls.
BY_NEED = ("-qualified_for_briefing", "-lead_quality", "total_score", "-completed_at", "-pk")
BEST_FIRST = ("-qualified_for_briefing", "-completed_at")

MOST_WAITING = 1000
MOST_FIRST = 8


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the list and when; `whole_team`: sees the follow-ups of colleagues too."""

    user: User
    today: date
    whole_team: bool = False


def reachable_leads(silence: bool | Given | None = None) -> QuerySet[Lead]:
    """Return leads with their contact details, without those who objected or have not consented.

    `silence`: whether those who said nothing may be contacted; None: as the operator set it.
    """
    silence = silence_allows() if silence is None else silence
    may_be_contacted = Coalesce("contact_choice", silence, output_field=BooleanField())
    return Lead.objects.leads().filter(may_be_contacted, email_scrubbed_at__isnull=True)  # type: ignore[return-value]  # the manager is Assessment's


def no_work(touched: Q) -> Q:
    """Return the condition that no work on the lead meets `touched`, such as having an owner.

    Not by a join: PostgreSQL would expect one lead in a thousand to have no work, and so read all of them.
    """
    return Q(~Exists(LeadWork.objects.filter(touched, assessment=OuterRef("pk"))))


def call_now(silence: bool | Given | None = None) -> QuerySet[Lead]:
    """Return reachable leads without doubts that nobody has taken, contacted or settled yet."""
    touched = Q(owner__isnull=False) | ~Q(outcome="") | Q(follow_up_on__isnull=False)
    found = reachable_leads(silence).filter(no_work(touched), doubts=[])
    return found.exclude(hubspot_sync_status=SyncStatus.SETTLED)


def calls_in_order(calls: QuerySet[Lead], states: Clock, first: int, last: int) -> list[Lead]:
    """Return the calls from place `first` to before `last` in the order BY_URGENCY, without sorting them all.

    Two queries: keys first, because whole rows would be sorted on disk.
    """
    keys = [key for key, *_ in keys_in_order(calls, states, last)[first:last]]
    found = {lead.pk: lead for lead in calls.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def keys_in_order(calls: QuerySet[Lead], states: Clock, most: int) -> QuerySet[Lead, Any]:
    """Return rows that begin with the key, the most urgent first; at most `most` of each urgency.

    Urgency follows from the moment alone, so the calls of each are read in the order of an index.
    """
    named = [name.lstrip("-") for name in BY_NEED[:-1]]
    most_urgent, *others = (
        calls.filter(of_urgency)
        .order_by(*BY_NEED)
        .annotate(rank=Value(rank))
        .values_list("pk", "rank", *named)[:most]
        for rank, of_urgency in enumerate(states.ranges)
    )
    return most_urgent.union(*others, all=True).order_by("rank", *BY_NEED)


MOMENTS = Clock(tuple((each, Given(each, DateTimeField())) for each in list(Urgency)[:-1]))  # type: ignore[misc]  # given later
SILENCE = Given("silence", BooleanField())
FIRST_CALLS = Unchanging(lambda: keys_in_order(call_now(SILENCE), MOMENTS, MOST_FIRST)[:MOST_FIRST])
WAITING = Unchanging(lambda: call_now(SILENCE).order_by(*BY_NEED).values_list("pk")[:MOST_WAITING])


def first_calls(states: Clock) -> list[Any]:
    """Return the first MOST_FIRST calls, with their contact details and `age`. Two queries."""
    keys = [key for key, *_ in FIRST_CALLS.rows(silence=silence_allows(), **dict(states.since))]
    age = ExpressionWrapper(Now() - F("completed_at"), DurationField())
    shown = Lead.objects.only(*CONTACT_FIELDS, "completed_at", "email_scrubbed_at").annotate(age=age)
    found: Any = shown.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def waiting_calls() -> int:
    """Return how many wait for a call, counted up to MOST_WAITING, as `counted_calls` does."""
    return WAITING.count(silence=silence_allows())


def counted_calls(calls: QuerySet[Lead], most: int) -> int:
    """Return how many calls there are, at most `most`.

    Read in the order of an index: a scan of the table meets all who are scrubbed before it meets a call.
    """
    return int(calls.order_by(*BY_NEED).values("pk")[:most].count())


def left_unfinished() -> QuerySet[Lead]:
    """Return unfinished assessments with an address, while it is stored."""
    return Lead.objects.filter(completed_at__isnull=True, session__email__isnull=False)  # type: ignore[return-value]  # the manager is Assessment's


def leads_on(tab: Tab, viewer: Viewer) -> QuerySet[Lead]:
    """Return the leads on a tab."""
    if tab == Tab.CALL:
        return call_now()
    if tab == Tab.UNFINISHED:
        return left_unfinished()
    if tab == Tab.MINE:
        return reachable_leads().filter(work__owner=viewer.user).exclude(CLOSED_WORK)
    if tab == Tab.FOLLOW_UP:
        due = reachable_leads().filter(work__follow_up_on__lte=viewer.today).exclude(CLOSED_WORK)
        return due if viewer.whole_team else due.filter(NO_OWNER | Q(work__owner=viewer.user))
    return Lead.objects.leads()  # type: ignore[return-value]  # the manager is Assessment's


def order_on(tab: Tab) -> tuple[object, ...]:
    """Return the order of a tab; the annotations of the list are available."""
    if tab in (Tab.CALL, Tab.MINE):
        return BY_URGENCY
    if tab == Tab.FOLLOW_UP:
        return ("work__follow_up_on", *BEST_FIRST)
    if tab == Tab.UNFINISHED:
        return (F("session__last_activity").desc(),)
    return BEST_FIRST
