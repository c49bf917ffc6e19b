"""Tell staff of a lead by mail: a link, and nothing about the person."""

import re
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.core.mail import EmailMessage
from django.utils.translation import gettext, gettext_noop

from webhooks.client import Refused, TryAgain
from webhooks.payloads import TEXT

SUBJECT = gettext_noop("A new qualified lead")


def addresses(text: str) -> list[str]:
    """Split addresses that are written with commas, semicolons or spaces between them."""
    return [each for each in re.split(r"[,;\s]+", text) if each]


def mail_link(link: str, recipients: list[str]) -> None:
    """Send one mail to all, in the active language.

    Raises TryAgain, and Refused when the server will never take it.
    """
    mail = EmailMessage(gettext(SUBJECT), f"{gettext(TEXT)}\n\n{link}\n")
    mail.bcc = recipients if len(recipients) > 1 else []
    mail.to = recipients if len(recipients) == 1 else []
    mail.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        permanent = all(code >= 500 for code, _ in error.recipients.values())
        raise (Refused if permanent else TryAgain)("no_recipient") from error
    except SMTPResponseException as error:
        raise (Refused if error.smtp_code >= 500 else TryAgain)(f"smtp_{error.smtp_code}") from error
    except (SMTPException, OSError) as error:
        raise TryAgain("no_mail_server") from error
