"""The frame of the back office: the navigation, in the order people need it, and its looks.

Unfold calls these functions by the names in settings.UNFOLD.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from operations.attention import ERASURES, LEADS, MAILS, attention


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the sidebar.

    `permission` is what its page asks for, '' lets all staff in; `waiting` names the queue
    of which the entry tells how many rows need a person.
    """

    title: str
    icon: str
    url_name: str
    permission: str = ""
    waiting: str = ""


PLACES = {
    "Sales": (
        Place("Dashboard", "monitoring", "admin:index"),
        Place("Leads", "person_raised_hand", "admin:leads_lead_changelist", "leads.view_lead"),
        Place(
            "Sync queue",
            "sync",
            "admin:hubspot_sync_syncqueueitem_changelist",
            "hubspot_sync.view_syncqueueitem",
            waiting=LEADS,
        ),
        Place("Mails", "mail", "admin:mailings_mail_changelist", "mailings.view_mail", waiting=MAILS),
        Place(
            "Erasures",
            "person_remove",
            "admin:hubspot_sync_hubspoterasure_changelist",
            "hubspot_sync.view_hubspoterasure",
            waiting=ERASURES,
        ),
    ),
    "Form": (
        Place(
            "In progress",
            "hourglass_top",
            "admin:assessments_assessmentsession_changelist",
            "assessments.view_assessmentsession",
        ),
        Place(
            "Experiments",
            "experiment",
            "admin:experiments_experiment_changelist",
            "experiments.view_experiment",
        ),
        Place(
            "Questionnaires",
            "quiz",
            "admin:scorecard_questionnaire_changelist",
            "scorecard.view_questionnaire",
        ),
        Place(
            "Published versions",
            "verified",
            "admin:scorecard_questionnaireversion_changelist",
            "scorecard.view_questionnaireversion",
        ),
    ),
    "Operations": (
        Place(
            "Comparisons",
            "compare_arrows",
            "admin:hubspot_sync_reconciliation_changelist",
            "hubspot_sync.view_reconciliation",
        ),
        Place("Settings", "tune", "admin:constance_config_changelist", "constance.change_config"),
        Place(
            "Schedule",
            "schedule",
            "admin:django_celery_beat_periodictask_changelist",
            "django_celery_beat.view_periodictask",
        ),
        Place("System log", "receipt_long", "admin:audit_systemlog_changelist", "audit.view_systemlog"),
        Place(
            "Scrub certificates",
            "verified_user",
            "admin:privacy_scrubcertificate_changelist",
            "privacy.view_scrubcertificate",
        ),
        Place("People who ask", "person_search", "persons", "assessments.answer_person"),
        Place("Data map", "shield_person", "data_map", "privacy.view_data_map"),  # superusers have it
        Place("Users", "badge", "admin:accounts_user_changelist", "accounts.view_user"),
        Place("Groups", "group", "admin:auth_group_changelist", "auth.view_group"),
    ),
}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of the sidebar with the places that this user may enter."""
    return [
        {"title": title, "items": [entry(request, place) for place in places if may_enter(request, place)]}
        for title, places in PLACES.items()
    ]


def may_enter(request: HttpRequest, place: Place) -> bool:
    return not place.permission or request.user.has_perm(place.permission)


def entry(request: HttpRequest, place: Place) -> dict[str, Any]:
    item = {"title": place.title, "icon": place.icon, "link": reverse(place.url_name)}
    waiting = attention(request)[place.waiting] if place.waiting else 0
    return item | {"badge": waiting, "badge_variant": "danger"} if waiting else item


def colors(request: HttpRequest) -> dict[str, dict[str, str]]:
    """None here: unfold would write them into an inline stylesheet, which our policy forbids."""
    return {}


def stylesheet(request: HttpRequest) -> str:
    return static("css/backoffice.css")


def script(request: HttpRequest) -> str:
    return static("js/backoffice.js")


def favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")
