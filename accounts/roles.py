"""The roles of the back office: groups with permissions, synced after every `migrate`.

Permissions are only added, never removed, so those granted by an admin persist.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from web import gettext_noop as _

SALES = (
    "leads.view_lead",
    "leads.see_contact",
    "leads.work_lead",
    "leads.correct_lead",
    "leads.deliver_lead",
    "hubspot_sync.view_syncqueueitem",
    "hubspot_sync.view_hubspoterasure",
    "mailings.view_mail",
)
FIGURES = "exports.export_figures"
MAY = ("view", "add", "change", "delete")

ROLES: dict[str, tuple[str, ...]] = {
    "Sales": SALES,
    "Sales lead": (*SALES, "leads.assign_lead", "exports.view_export", "exports.export_leads", FIGURES),
    "Content editor": (
        *(f"scorecard.view_{what}" for what in ("questionnaire", "section", "question", "scoreband")),
        "scorecard.view_questionnaireversion",
        "scorecard.add_questionnaire",
        "scorecard.change_questionnaire",
        *(f"experiments.{may}_{what}" for may in MAY for what in ("experiment", "variant")),
    ),
    "Privacy": (
        "assessments.answer_person",  # handle requests of data subjects: view, export, erase
        "hubspot_sync.view_hubspoterasure",
        "hubspot_sync.settle_hubspoterasure",
        "privacy.view_scrubcertificate",
        "audit.view_systemlog",  # who looked at and exported contact details
    ),
    "Operator": (  # sees no contact details
        "leads.view_lead",
        "leads.deliver_lead",
        "hubspot_sync.view_syncqueueitem",
        "hubspot_sync.view_hubspoterasure",
        "mailings.view_mail",
        "exports.view_export",
        FIGURES,
        "hubspot_sync.change_syncqueueitem",  # send again
        "hubspot_sync.change_hubspoterasure",
        "hubspot_sync.settle_hubspoterasure",  # record a manual erasure
        "mailings.change_mail",
        *(f"webhooks.{may}_webhook" for may in MAY),
        "webhooks.view_webhookcall",
        "webhooks.change_webhookcall",  # send again
        "hubspot_sync.view_reconciliation",
        "assessments.view_assessmentsession",
        *(f"experiments.{may}_{what}" for may in MAY for what in ("experiment", "variant")),
        "scorecard.view_questionnaire",
        "scorecard.view_section",
        "scorecard.view_question",
        "scorecard.view_scoreband",
        "scorecard.view_questionnaireversion",
        "audit.view_systemlog",
        "privacy.view_scrubcertificate",
        "constance.change_config",
        "constance.view_config",
        *(f"django_celery_beat.{may}_periodictask" for may in ("view", "change")),  # change: "Run now" too
        *(f"django_celery_beat.{may}_{what}schedule" for may in MAY[:3] for what in ("interval", "crontab")),
    ),
}
ADMINISTRATOR = "Administrator"  # every permission; what only superusers may do stays theirs


@dataclass(frozen=True, slots=True)
class Role:
    """A role told in words, which are translated where they are shown."""

    name: str
    sees: str
    may: str


ROLES_IN_WORDS = {
    role.name: role
    for role in (
        Role(
            _("Sales"),
            _("Leads with their contact details, the sync queue, mails, erasures in HubSpot."),
            _(
                "Claim leads, record contacts, write notes, correct details, send a lead again or settle it "
                "without delivery."
            ),
        ),
        Role(
            _("Sales lead"),
            _("What Sales sees, the follow-ups and the times of the whole team."),
            _("What Sales may do, and assign leads, export leads and figures."),
        ),
        Role(
            _("Content editor"),
            _("Questionnaires, published versions, experiments; no leads."),
            _("Write and publish questionnaires, run experiments."),
        ),
        Role(
            _("Privacy"),
            _(
                "What is held of a person, erasures in HubSpot, scrub certificates, the data map; who looked "
                "at, searched for, changed or exported leads."
            ),
            _(
                "Export what is held of a person, send them a link, withdraw consent, erase; note what was "
                "erased by hand."
            ),
        ),
        Role(
            _("Operator"),
            _(
                "Leads with masked contact details, every queue, comparisons with HubSpot, forms in "
                "progress, experiments, questionnaires, the system log, scrub certificates."
            ),
            _(
                "Send leads, mails, webhooks and erasures again, note what was erased by hand, change "
                "run-time settings and the schedule of jobs, run experiments, export figures."
            ),
        ),
        Role(
            _("Administrator"),
            _("Everything."),
            _("Everything that has a permission; only superusers manage users."),
        ),
    )
}


def create_roles(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Receiver of `post_migrate`, called per app: grant the permissions on that app's models. Idempotent.

    Django creates an app's permissions in a receiver of the same signal, which may run after this one.
    """
    wanted = {name: own_codenames(sender.label, permissions) for name, permissions in ROLES.items()}
    create_permissions(sender, verbosity=0, using=using)
    every = Permission.objects.using(using).filter(content_type__app_label=sender.label)
    wanted[ADMINISTRATOR] = list(every.values_list("codename", flat=True))
    if not any(wanted.values()):
        return
    for role, codenames in wanted.items():
        group, _created = Group.objects.using(using).get_or_create(name=role)
        group.permissions.add(
            *Permission.objects.using(using).filter(
                content_type__app_label=sender.label, codename__in=codenames
            )
        )


def own_codenames(app_label: str, permissions: tuple[str, ...]) -> list[str]:
    """The codenames among `permissions` that belong to this app."""
    return [name.partition(".")[2] for name in permissions if name.startswith(f"{app_label}.")]
