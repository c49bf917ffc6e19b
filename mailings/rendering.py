"""Render a mail when it is sent. It quotes no text entered by visitors, who may be strangers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.lifecycle.consents import consent_text
from assessments.models import Assessment
from assessments.results.next_step import next_step
from assessments.results.result import result_of
from branding.brand import Brand, current_brand
from branding.data_controller import Controller, controller
from branding.palette import DARK, LIGHT
from experiments import running
from experiments.assignment import RunningExperiment, RunningVariant, wording_in_language
from experiments.models import Placement
from mailings.kinds import KINDS
from mailings.links import Links
from mailings.models import Mail, MailKind
from scorecard import versions

DEVICES = {"mobile": _("on a phone"), "tablet": _("on a tablet"), "desktop": _("on a computer")}


@dataclass(frozen=True, slots=True)
class Asked:
    """When and from what kind of device a mail was requested; '' where unknown."""

    at: datetime | None = None
    browser: str = ""
    device: Any = ""  # lazy, for the language of the mail


def asked_for(mail: Mail) -> Asked:
    device, _space, browser = mail.asked_with.partition(" ")
    return Asked(mail.created_at, browser, DEVICES.get(device, ""))


@dataclass(frozen=True, slots=True)
class Frame:
    """Template context common to all mails."""

    subject: str
    brand: Brand
    controller: Controller


def message(
    kind: MailKind,
    assessment: Assessment,
    address: str,
    links: Links | None = None,
    asked: Asked | None = None,
) -> EmailMultiAlternatives:
    """Render a mail as text and HTML in the language of the assessment. Read-only."""
    with translation.override(assessment.language):
        links = links or Links()
        frame = Frame(subject_of(kind, assessment), current_brand(), controller())
        context = {
            "frame": frame,
            "light": LIGHT,
            "dark": DARK,
            "links": links,
            "asked": asked or Asked(),
            **contents(kind, assessment),
        }
        mail = EmailMultiAlternatives(
            subject=frame.subject,
            body=render_to_string(f"mailings/{kind}.txt", context),
            to=[address],
            headers={"Auto-Submitted": "auto-generated", **one_click(links.stop_url)},
        )
        mail.attach_alternative(render_to_string(f"mailings/{kind}.html", context), "text/html")
    return mail


def one_click(stop_url: str) -> dict[str, str]:
    """Return the headers for one-click unsubscribe (RFC 2369, RFC 8058)."""
    if not stop_url:
        return {}
    return {"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def contents(kind: MailKind, assessment: Assessment) -> dict[str, Any]:
    """Return the template context of this kind, without its links."""
    if confirmed := KINDS[kind].confirms:
        return {"wish": consent_text(confirmed, version=assessment.version_id)}
    if kind != MailKind.RESULT:
        return {}
    result = result_of(assessment, assessment.language)
    call = next_step(result.band, current_brand(), result.total) if result.has_score else None
    return {"result": result, "call": call}


def subject_of(kind: MailKind, assessment: Assessment) -> str:
    """Return the subject of the assessment's variant in a running experiment, or the default."""
    found = subject_variant(assessment) if kind == MailKind.RESULT else None
    return (found and wording_in_language(found[1])) or str(KINDS[kind].subject)


def subject_variant(assessment: Assessment) -> tuple[RunningExperiment, RunningVariant] | None:
    """Return the running experiment on subjects and the variant assigned to this assessment, if any."""
    key = versions.get(assessment.version_id).definition.key
    for experiment in running.experiments_at(Placement.MAIL_SUBJECT, questionnaire=key):
        if variant := experiment.variant_named(assessment.variants.get(experiment.key)):
            return experiment, variant
    return None
