"""What a mail says, read when it is sent. No word of it is the person's own: we mail no text of strangers."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, PrivacyLink
from assessments.results import result_of
from experiments import running
from experiments.assignment import RunningExperiment, RunningVariant, in_language
from experiments.models import Place
from mailings.models import MailKind

SUBJECTS = {
    MailKind.RESULT: _("Your result and what to do next"),
    MailKind.PRIVACY_LINK: _("Your data: the link you asked for"),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every mail carries around its message."""

    subject: str
    privacy_url: str
    postal_address: str


def message(kind: MailKind, run: Assessment, address: str) -> EmailMultiAlternatives:
    """The mail as text and as HTML, in the run's language, with a new key to its reader's privacy page."""
    token = PrivacyLink.objects.make(run, address=address)
    with translation.override(run.language):
        return composed(kind, run, address, token)


def composed(kind: MailKind, run: Assessment, address: str, token: str) -> EmailMultiAlternatives:
    frame = Frame(
        subject=subject_of(kind, run),
        privacy_url=f"{settings.PUBLIC_URL}{reverse('privacy:open', args=[token])}",
        postal_address=settings.POSTAL_ADDRESS,
    )
    context = {"frame": frame, "result": result_of(run, run.language) if kind == MailKind.RESULT else None}
    mail = EmailMultiAlternatives(
        subject=frame.subject,
        body=render_to_string(f"mailings/{kind}.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"mailings/{kind}.html", context), "text/html")
    return mail


def subject_of(kind: MailKind, run: Assessment) -> str:
    """The subject that this run's variant of a running experiment has, or our own."""
    found = tried(run) if kind == MailKind.RESULT else None
    return (found and in_language(found[1])) or str(SUBJECTS[kind])


def tried(run: Assessment) -> tuple[RunningExperiment, RunningVariant] | None:
    """The experiment with subjects that runs now, and the variant that this run drew at its start."""
    for experiment in running.at(Place.MAIL_SUBJECT):
        if variant := experiment.variant_named(run.variants.get(experiment.key)):
            return experiment, variant
    return None
