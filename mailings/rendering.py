"""What a mail says, read when it is sent. No word of it is the person's own: we mail no text of strangers."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from assessments.models import Assessment, PrivacyLink
from assessments.results import result_of
from mailings.models import MailKind

SUBJECTS = {
    MailKind.RESULT: "Your result and what to do next",
    MailKind.PRIVACY_LINK: "Your data: the link you asked for",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What every mail carries around its message."""

    subject: str
    privacy_url: str
    postal_address: str


def message(
    kind: MailKind, run: Assessment, address: str, language: str | None = None
) -> EmailMultiAlternatives:
    """The mail as text and as HTML, with a new key to the privacy page of whoever reads this address.

    What it says of a result is in `language`, or else in the questionnaire's own.
    """
    token = PrivacyLink.objects.make(run, address=address)
    frame = Frame(
        subject=SUBJECTS[kind],
        privacy_url=f"{settings.PUBLIC_URL}{reverse('privacy:open', args=[token])}",
        postal_address=settings.POSTAL_ADDRESS,
    )
    context = {"frame": frame, "result": result_of(run, language) if kind == MailKind.RESULT else None}
    mail = EmailMultiAlternatives(
        subject=frame.subject,
        body=render_to_string(f"mailings/{kind}.txt", context),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"mailings/{kind}.html", context), "text/html")
    return mail
