"""What a mail says, read when it is sent. No word of it is the person's own: we mail no text of strangers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.lifecycle.assessment_links import links_end_at
from assessments.models import Assessment, AssessmentLink, LinkPurpose, PrivacyLink
from assessments.results.next_step import calendar_link
from assessments.results.result import result_of
from branding.brand import Brand, current
from branding.data_controller import Controller, controller
from branding.palette import DARK, LIGHT
from experiments import running
from experiments.assignment import RunningExperiment, RunningVariant, wording_in_language
from experiments.models import Placement
from mailings.models import MailKind

SUBJECTS = {
    MailKind.RESULT: _("Your result and what to do next"),
    MailKind.PRIVACY_LINK: _("Your data: the link you asked for"),
    MailKind.RESUME: _("The link to continue your scorecard"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every mail carries around its message."""

    subject: str
    privacy_url: str
    brand: Brand
    controller: Controller


def message(
    kind: MailKind, run: Assessment, address: str, link: AssessmentLink | None = None
) -> EmailMultiAlternatives:
    """The mail as text and as HTML, in the run's language, with a way to the reader's privacy page."""
    reader = privacy_url(kind, run, address)
    with translation.override(run.language):
        return composed(kind, run, address, reader, link)


def composed(
    kind: MailKind, run: Assessment, address: str, privacy_url: str, link: AssessmentLink | None
) -> EmailMultiAlternatives:
    frame = Frame(
        subject=subject_of(kind, run),
        brand=current(),
        privacy_url=privacy_url,
        controller=controller(),
    )
    context = {"frame": frame, "light": LIGHT, "dark": DARK, **contents(kind, run, link)}
    mail = EmailMultiAlternatives(
        subject=frame.subject,
        body=render_to_string(f"mailings/{kind}.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"mailings/{kind}.html", context), "text/html")
    return mail


def privacy_url(kind: MailKind, run: Assessment, address: str) -> str:
    """A new key for the person of this run; for anybody else's mailbox the page where keys are asked for."""
    if kind == MailKind.RESUME:
        return public("privacy:page")
    return public("privacy:open", PrivacyLink.objects.make(run, address=address))


def contents(kind: MailKind, run: Assessment, link: AssessmentLink | None) -> dict[str, Any]:
    """What the templates of this kind say."""
    if kind == MailKind.RESULT:
        report = AssessmentLink.objects.make(run, LinkPurpose.REPORT, expires_at=links_end_at(run))
        return {
            "result": result_of(run, run.language),
            "report_url": public("assessments:mailed_report", report.token),
            "calendar_link": calendar_link(briefing=run.qualified_for_briefing),
        }
    if link:
        return {"resume_url": public("assessments:continue", link.token), "expires_at": link.expires_at}
    return {}


def public(name: str, *arguments: str) -> str:
    """The whole address of a page of ours."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=arguments)}"


def subject_of(kind: MailKind, run: Assessment) -> str:
    """The subject that this run's variant of a running experiment has, or our own."""
    found = tried(run) if kind == MailKind.RESULT else None
    return (found and wording_in_language(found[1])) or str(SUBJECTS[kind])


def tried(run: Assessment) -> tuple[RunningExperiment, RunningVariant] | None:
    """The experiment with subjects that runs now, and the variant that this run drew at its start."""
    for experiment in running.experiments_at(Placement.MAIL_SUBJECT):
        if variant := experiment.variant_named(run.variants.get(experiment.key)):
            return experiment, variant
    return None
