"""Filters of the lead list. Each takes several values, and names those that are chosen."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

from constance import config
from django.conf import settings
from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import CheckboxFilter

from accounts.models import User
from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.models.signs import Sign
from assessments.qualification import LeadQuality
from experiments.running import running_experiments
from leads.briefing.consent_words import FOLLOW_UP, consent_in_words
from leads.clock import Urgency, business_hours
from leads.figures.names import DEVICES
from leads.models import ContactOutcome
from leads.tabs import BEST_FIRST, no_work
from scorecard import versions
from scorecard.models import QuestionnaireVersion
from scorecard.published_names import band_names

PERIODS = {"1": _("Last 24 hours"), "7": _("Last 7 days"), "30": _("Last 30 days"), "90": _("Last 90 days")}
AREA_SCORES = ("0-49", "50-70", "71-100")  # as advice is given: high, medium, low priority
SCORES = ("0-19", "20-39", "40-59", "60-79", "80-100")
RANGE = re.compile(r"[0-9]{1,3}-[0-9]{1,3}")
MOST_SOURCES = 30  # the commonest of the newest leads, offered as choices
NEWEST = 2_000  # leads, the qualified ones first
COMMONEST = (
    "SELECT name FROM ({newest} LIMIT %s) AS newest (name) WHERE name IS NOT NULL"
    " GROUP BY name ORDER BY count(*) DESC, name LIMIT %s"
)
CONSENTS = {
    "agreed": _("Agreed to be contacted"),
    "objected": _("Objected"),
    "silent": _("Said nothing"),
    "callable": _("May be called"),
}
WITH_DETAILS = Q(completed_at__isnull=False, lead_quality__isnull=False, email_scrubbed_at__isnull=True)
Words = str | Promise
Choices = list[tuple[str, Words]]


class SeveralFilter(CheckboxFilter):
    """A filter with checkboxes: rows that match any chosen value. Unknown values match nothing.

    One template draws all of its checkboxes: with a form and a widget for each, two dozen filters take most
    of the time of the page.
    """

    template = "admin/leads/checkboxes.html"
    condition: ClassVar[Callable[[str], Q]]  # of one value

    @property
    def chosen(self) -> list[str]:
        """Return the labels of the chosen values, for the line above the list."""
        labels = dict(self.lookup_choices)
        return [str(labels.get(value, value)) for value in self.value() or []]

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:
        """Yield value, label and whether it is chosen, for each checkbox."""
        chosen = set(self.value() or [])
        for value, label in self.lookup_choices:
            yield {"value": value, "label": label, "chosen": str(value) in chosen}

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Assessment]) -> QuerySet[Assessment]:
        values = [value for value in self.value() or [] if value]
        if not values:
            return queryset
        known = dict(self.lookup_choices)
        wanted = Q(pk__in=[])
        for value in values:
            if value in known:
                wanted |= type(self).condition(value)
        return queryset.filter(wanted)


def multiple_choice_filter(
    name: str,
    title: Words,
    choices: Callable[[], Choices],
    condition: Callable[[str], Q],
    *,
    takes_others: bool = False,
) -> type[SeveralFilter]:
    """Define a filter: its parameter, its title, its choices and the condition of one value.

    `takes_others`: the choices are examples, and a saved view may ask for a campaign of last year.
    """

    def lookups(self: Any, request: HttpRequest, model_admin: Any) -> Choices:
        known = choices()
        chosen = request.GET.getlist(name) if takes_others else []
        others = sorted({value for value in chosen if value.isprintable()} - dict(known).keys() - {""})
        return [*known, *((value, value) for value in others)]

    names = {
        "title": title,
        "parameter_name": name,
        "lookups": lookups,
        "condition": staticmethod(condition),
    }
    return type(f"{name.title()}Filter", (SeveralFilter,), names)


def variant_choices() -> Choices:
    running = running_experiments().values()
    names = [f"{each.key}:{arm.key}" for each in running for arm in each.variants]
    return [(name, name) for name in names]


def of_variant(value: str) -> Q:
    experiment, _, variant = value.partition(":")
    return Q(variants__contains={experiment: variant})


def owner_choices() -> Choices:
    colleagues = User.objects.staff_with("leads.work_lead")
    return [("none", _("Nobody")), *((str(each.pk), each.get_full_name()) for each in colleagues)]


def of_doubt(value: str) -> Q:
    if value == "none":
        return Q(doubts=[])
    doubtful = ~Q(doubts=[])  # also beside a sign: the condition of the index leads_with_doubts
    return doubtful if value == "any" else doubtful & Q(doubts__contains=[value])


def of_consent(state: str) -> Q:
    """Leads with contact details in a state of CONSENTS; `contact_choice` copies what the log says."""
    needed = config.HUBSPOT_NEEDS_CONSENT
    found = Q(pk__in=[])
    for said in (True, False, None):
        if state in states_of(said, needed=needed):
            found |= Q(contact_choice__isnull=True) if said is None else Q(contact_choice=said)
    return WITH_DETAILS & found


def states_of(said: bool | None, *, needed: bool) -> set[str]:
    """Return the keys of CONSENTS that apply to who said so about being contacted; None: nothing."""
    state = "silent" if said is None else "agreed" if said else "objected"
    choices = {} if said is None else {FOLLOW_UP: said}
    return {state} if consent_in_words(choices, needed=needed).forbids else {state, "callable"}


def of_outcome(value: str) -> Q:
    return no_work(~Q(outcome="")) if value == "none" else Q(work__outcome=value)


def of_score(value: str) -> Q:
    """Of any range of scores, such as 30-39, which figures link to; another text matches none."""
    if not RANGE.fullmatch(value):
        return Q(pk__in=[])
    lowest, highest = value.split("-")
    return Q(total_score__gte=int(lowest), total_score__lte=int(highest))


def area_choices() -> Choices:
    """Return a choice for each range of each area of the live questionnaires."""
    found: dict[str, str] = {}
    for key in versions.live_keys():
        for area in versions.current(key).definition.areas:
            if area.weight:
                found |= {f"{area.key}:{scores}": f"{area.name}: {scores}" for scores in AREA_SCORES}
    return list(found.items())


def of_area(value: str) -> Q:
    area, _, scores = value.partition(":")
    lowest, highest = scores.split("-")
    path = f"score_breakdown__{area}"
    return Q(**{f"{path}__gte": int(lowest), f"{path}__lte": int(highest)})


def questionnaire_choices() -> Choices:
    return [(key, versions.current(key).definition.name) for key in versions.live_keys()]


def of_questionnaire(key: str) -> Q:
    """By the keys of its versions, which the planner has statistics of, and not by a join. One query."""
    found = QuestionnaireVersion.objects.filter(questionnaire__key=key)
    return Q(version__in=list(found.values_list("pk", flat=True)))


def of_follow_up(value: str) -> Q:
    day = timezone.localdate(timezone=business_hours().zone)
    if value == "none":
        return no_work(Q(follow_up_on__isnull=False))
    operator = {"overdue": "lt", "today": "exact", "planned": "gt"}[value]
    return Q(**{f"work__follow_up_on__{operator}": day})


def newest_values(value: str | Combinable) -> Callable[[], Choices]:
    """Return a function that lists the commonest values of a column, or an expression, on newest leads."""

    def values() -> Choices:
        newest = Assessment.objects.leads().order_by(*BEST_FIRST, "-pk").values_list(value)
        sql, parameters = newest.query.sql_with_params()
        with connection.cursor() as cursor:  # counted there: two thousand values would be read to name thirty
            cursor.execute(COMMONEST.format(newest=sql), [*parameters, NEWEST, MOST_SOURCES])
            return [(name, name) for name in sorted(name for (name,) in cursor)]

    return values


FILTERS = (
    multiple_choice_filter(
        "urgency",
        _("urgency"),
        lambda: [(each.value, each.label) for each in Urgency],
        lambda value: Q(urgency=value),
    ),
    multiple_choice_filter(
        "owner",
        _("owner"),
        owner_choices,
        lambda value: no_work(Q(owner__isnull=False)) if value == "none" else Q(work__owner=value),
    ),
    multiple_choice_filter(
        "outcome",
        _("outcome"),
        lambda: [("none", _("None yet")), *ContactOutcome.choices],
        of_outcome,
    ),
    multiple_choice_filter(
        "category", _("category"), lambda: list(band_names().items()), lambda value: Q(score_category=value)
    ),
    multiple_choice_filter(
        "score", _("score"), lambda: [(each, each) for each in SCORES], of_score, takes_others=True
    ),
    multiple_choice_filter("area", _("area"), area_choices, of_area),
    multiple_choice_filter(
        "quality",
        _("quality"),
        lambda: [(each.value, _(each.label)) for each in LeadQuality],
        lambda value: Q(lead_quality=value),
    ),
    multiple_choice_filter(
        "days",
        _("finished"),
        lambda: list(PERIODS.items()),
        lambda value: Q(completed_at__gte=Now() - timedelta(days=int(value))),
    ),
    multiple_choice_filter(
        "language", _("language"), lambda: list(settings.LANGUAGES), lambda value: Q(language=value)
    ),
    multiple_choice_filter(
        "phone",
        _("phone number"),
        lambda: [("yes", _("With")), ("no", _("Without"))],
        lambda value: Q(phone__isnull=value == "no"),
    ),
    multiple_choice_filter(
        "source",
        _("source"),
        newest_values("referrer_source"),
        lambda value: Q(referrer_source=value),
        takes_others=True,
    ),
    multiple_choice_filter(
        "campaign",
        _("campaign"),
        newest_values(KeyTextTransform("utm_campaign", "utm")),
        lambda value: Q(utm__utm_campaign=value),
        takes_others=True,
    ),
    multiple_choice_filter(
        "sync",
        "HubSpot",
        lambda: [choice for choice in SyncStatus.choices if choice[0] != SyncStatus.SKIPPED],
        lambda value: Q(hubspot_sync_status=value),
    ),
    multiple_choice_filter(
        "questionnaire",
        _("questionnaire"),
        questionnaire_choices,
        of_questionnaire,
    ),
    multiple_choice_filter(
        "device",
        _("device"),
        lambda: list(DEVICES.items()),
        lambda value: Q(browser_info__device=value),
    ),
    multiple_choice_filter(
        "follow_up",
        _("follow-up"),
        lambda: [
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("planned", _("Planned")),
            ("none", _("None")),
        ],
        of_follow_up,
    ),
    multiple_choice_filter("variant", _("variant"), variant_choices, of_variant),
    multiple_choice_filter(
        "doubts",
        _("doubts"),
        lambda: [("none", _("None")), ("any", _("Any")), *((sign.value, _(sign.label)) for sign in Sign)],
        of_doubt,
    ),
    multiple_choice_filter(
        "scrubbed",
        _("personal data"),
        lambda: [("no", _("Stored")), ("yes", _("Scrubbed"))],
        lambda value: Q(email_scrubbed_at__isnull=value == "no"),
    ),
    multiple_choice_filter("consent", _("consent"), lambda: list(CONSENTS.items()), of_consent),
)
