"""Out of the queue of mails: claim, send, record. No transaction is open while the mail server is asked.

A crash between sending and recording sends that one mail again when the lease has run out: a mail twice is a
nuisance, a mail never is a promise broken.
"""

import logging
import random
import smtplib
from typing import Any, NoReturn

from constance import config
from django.db.models import F
from django.db.models.functions import Now

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.models import Assessment, AssessmentLink, Purpose, SuppressedAddress
from assessments.models.assessment import EmailStatus
from experiments import running
from mailings.models import Mail, MailKind, MailStatus
from mailings.queue import note
from mailings.rendering import message, tried
from queues.backoff import delay

logger = logging.getLogger(__name__)


# What a server says to us, whatever the mail: to our login, our name, or the address that we write from.
SAID_TO_US = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)


class MailServerAway(Exception):
    """Nobody takes mail now. The mail waits; no use going on."""


class MailServerRefusesUs(MailServerAway):
    """Somebody is there and takes no mail of ours, whoever it is for: a person must look at the settings."""


def deliver_next() -> bool:
    """Send the oldest due mail; False when there is none. Raises MailServerAway after it was put back."""
    mail = Mail.objects.claim()
    if mail is None:
        return False
    if mail.is_crash_looping:
        failed(mail, "worker_died")
    elif address := addressee(mail):
        send(mail, address)
    else:
        cancelled(mail)
    return True


def addressee(mail: Mail) -> str | None:
    """To whom it goes as things are now; None when there is nobody, or nobody who wants it any more."""
    address = mailbox(mail)
    if not address:
        return None
    # Who typed the address of an erased person is unknown: its owner may still ask what we hold.
    if mail.kind != MailKind.PRIVACY_LINK and SuppressedAddress.objects.suppressed_among([address]):
        return None
    if mail.kind == MailKind.RESULT:
        agreed = consents.current_choices(address, mail.assessment_id).get(Purpose.RESULT)
        return address if agreed else None
    return address


def mailbox(mail: Mail) -> str | None:
    """The person's own address, or the one that a link to continue was asked for with."""
    if mail.assessment is None:
        return None
    if mail.kind != MailKind.RESUME:
        return address_of(mail.assessment)
    if mail.link is None or mail.assessment.completed_at:
        return None
    link = AssessmentLink.objects.active().filter(pk=mail.link.pk).first()
    return link.address if link else None


def forget_address(mail: Mail) -> None:
    """What was typed for this mail alone goes with it."""
    if mail.link:
        mail.link.forget_address()


def send(mail: Mail, address: str) -> None:
    if mail.assessment is None:
        raise ValueError("A mail without a run has nobody to go to.")
    try:
        message(MailKind(mail.kind), mail.assessment, address, mail.link).send()
    except SAID_TO_US as error:
        turned_away(mail, error)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        refused(mail, code_of(error))
    except (smtplib.SMTPException, OSError) as error:
        wait(mail, "mail_server_away")
        raise MailServerAway from error
    else:
        sent(mail, mail.assessment)


def turned_away(mail: Mail, error: smtplib.SMTPResponseException) -> NoReturn:
    """No mail is at fault. From 500 on nobody but us can change it, else it passes."""
    if error.smtp_code < 500:
        wait(mail, "mail_server_away")
        raise MailServerAway from error
    wait(mail, "mail_server_refuses_us")
    raise MailServerRefusesUs(f"The mail server refuses us ({error.smtp_code})") from error


def refused(mail: Mail, code: int) -> None:
    """The server said no: for good from 500 on, else for now."""
    if code >= 500 or mail.failures + 1 >= config.EMAIL_MAX_RETRIES:
        failed(mail, f"smtp_{code}")
    else:
        wait(mail, f"smtp_{code}", failures=F("failures") + 1)


def code_of(error: smtplib.SMTPException) -> int:
    """The code of an answer; what the server says beside it may quote the address and is not kept."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=500)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 500


def sent(mail: Mail, run: Assessment) -> None:
    if not mail.settle(MailStatus.SENT, sent_at=Now(), failure_cause=""):
        return
    forget_address(mail)
    if mail.kind == MailKind.RESULT:
        note(run, EmailStatus.SENT, email_delivered_at=Now(), email_delivery_error=None)
        if seen := tried(run):
            running.record_exposures([seen], str(run.pk))


def cancelled(mail: Mail) -> None:
    """There is nobody to write to, or nobody who wants it any more."""
    if not mail.settle(MailStatus.CANCELLED):
        return
    forget_address(mail)
    if mail.kind == MailKind.RESULT and mail.assessment:
        note(mail.assessment, EmailStatus.SKIPPED)


def failed(mail: Mail, cause: str) -> None:
    """A person must look."""
    if not mail.fail(cause):
        return
    logger.error("Mail %s needs a person: it failed with %s", mail.pk, cause)
    if mail.kind == MailKind.RESULT and mail.assessment:
        note(mail.assessment, EmailStatus.FAILED, email_delivery_error=cause)


def wait(mail: Mail, cause: str, **more: Any) -> None:
    """Back into the line, later each time, and not all at once."""
    chance = random.random()  # noqa: S311  # jitter, no secret
    mail.wait(delay(mail.failures + 1, chance), cause, **more)
