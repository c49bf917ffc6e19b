"""Deliver queued mails: claim, send, record. No transaction is open during SMTP.

At-least-once delivery: after a crash between sending and recording, the mail is sent again when its lease
expires. A duplicate mail is better than a lost one.
"""

import logging
import random
from datetime import timedelta

from constance import config
from django.core.mail import EmailMessage
from django.db.models import Case, F, When
from django.db.models.functions import Now

from accounts import links as staff_links
from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of, assessments_of
from assessments.models import Assessment, AssessmentLink, SuppressedAddress
from assessments.models.assessment import EmailStatus
from experiments import running
from mailings import line
from mailings.kinds import kind_of
from mailings.limits import is_enough
from mailings.links import make_links
from mailings.models import Mail, MailKind, MailQuerySet, MailStatus
from mailings.queue import note_on_lead, recipient_key, send_again
from mailings.refusals import REFUSES_US, SmtpRefusal, refusal_of
from mailings.rendering import asked_for, message, subject_variant
from mailings.stops import is_stopped
from queues.backoff import retry_delay
from queues.states import FAILED

SCHEDULE = (300, 900, 1800, 3600)  # seconds between attempts of a deferred mail, then hourly
AT_LEAST = (1.0, 1.2)  # jitter that never shortens a delay, because greylisting enforces a minimum
REFUSED_ALIKE = 3  # distinct recipients in a row: the server refuses us, not them
DAY = timedelta(days=1)

logger = logging.getLogger(__name__)


class LineHeld(Exception):
    """The mail server accepts no mail of ours at present, for any recipient. The mail stays queued."""


def deliver_next() -> bool:
    """Send the oldest due mail; False when none is due. Raises LineHeld after requeueing it."""
    mail = Mail.objects.claim()
    if mail is None:
        return False
    if mail.is_crash_looping:
        record_failure(mail, "worker_died")
    elif mail.kind == MailKind.PASSWORD_RESET:
        send_password_reset(mail)
    elif (found := recipient_of(mail)) is None:
        record_cancelled(mail)
    elif is_enough(mail, recipient_key(found[1])):
        record_cancelled(mail, "enough_mail")
    else:
        send_mail(mail, *found)
    return True


def recipient_of(mail: Mail) -> tuple[Assessment, str] | None:
    """Return (assessment, address) by current data; None when the mail is no longer wanted or possible."""
    found = assessment_and_mailbox(mail)
    if found is None:
        return None
    assessment, address = found
    # An erased address may have been typed by a stranger; its owner may still request their data.
    if mail.kind != MailKind.PRIVACY_LINK and SuppressedAddress.objects.suppressed_among([address]):
        return None
    if mail.kind != MailKind.PRIVACY_LINK and is_stopped(address):
        return None
    return found if is_wanted(mail, assessment, address) else None


def is_wanted(mail: Mail, assessment: Assessment, address: str) -> bool:
    """Whether the consent that this kind needs is given, or the one that it confirms is still open."""
    kind = kind_of(mail)
    if kind.needs is None and kind.confirms is None:
        return True
    choices = consents.choices_of(address, assessment.pk)
    return choices.awaits_click if kind.confirms else bool(choices.in_force.get(kind.needs or ""))


def assessment_and_mailbox(mail: Mail) -> tuple[Assessment, str] | None:
    """Return the assessment and the address entered for this mail, else the address of the assessment."""
    if mail.kind == MailKind.PRIVACY_LINK and mail.address:
        # The link belongs to the address, even if the assessment it was requested from has changed.
        return next(((found, mail.address) for found in assessments_of(mail.address)), None)
    if mail.assessment is None:
        return None
    address = address_to_continue(mail) if mail.kind == MailKind.RESUME else address_of(mail.assessment)
    return (mail.assessment, address) if address else None


def address_to_continue(mail: Mail) -> str | None:
    """Return the address that requested a resume link, as long as the link is valid."""
    if mail.link is None or mail.assessment is None or mail.assessment.completed_at:
        return None
    link = AssessmentLink.objects.active().filter(pk=mail.link.pk).first()
    return link.address if link else None


def send_mail(mail: Mail, assessment: Assessment, address: str) -> None:
    """Send one mail and record the outcome. Raises LineHeld."""
    if mail.recipient != (recipient := recipient_key(address)):
        mail.recipient = recipient
        mail.save(update_fields=["recipient"])  # the unsubscribe link looks the mail's recipient up
    links = make_links(mail, assessment, address)
    if is_accepted(mail, message(MailKind(mail.kind), assessment, address, links, asked_for(mail))):
        record_sent(mail, assessment)


def send_password_reset(mail: Mail) -> None:
    """Send a link to a new password, if the address is that of staff. Raises LineHeld."""
    user = staff_links.reset_recipient(mail.address or "")
    if user is None:
        record_cancelled(mail)
    elif is_enough(mail, mail.recipient or ""):
        record_cancelled(mail, "enough_mail")
    elif is_accepted(mail, staff_links.reset_mail(user)):
        staff_links.record_reset(user)
        record_sent(mail)


def is_accepted(mail: Mail, message: EmailMessage) -> bool:
    """Hand it to the mail server, and record a refusal. Raises LineHeld."""
    try:
        message.send()
    except OSError as error:  # smtplib's errors are subclasses
        record_refusal(mail, refusal_of(error))
        return False
    return True


def record_refusal(mail: Mail, refusal: SmtpRefusal) -> None:
    """Record a refusal: pause the line if it concerns us, else fail or retry this mail. Raises LineHeld."""
    alike = refused_alike(mail, refusal.cause) if refusal.may_concern_all else Mail.objects.none()
    if refusal.holds_line or alike.values("recipient").distinct().count() + 1 >= REFUSED_ALIKE:
        cause = refusal.cause if refusal.holds_line else REFUSES_US
        for other in alike:
            put_back(other, cause)
        mail.wait(line.hold_of(cause).total_seconds(), cause, tried_at=Now())
        line.hold_line(cause)
        raise LineHeld(cause)
    if refusal.is_final or is_out_of_patience(mail):
        record_failure(mail, refusal.cause)
    else:
        put_off(mail, refusal.cause)


def refused_alike(mail: Mail, cause: str) -> MailQuerySet:
    """Return mails to other recipients refused with the same cause since the last accepted mail."""
    newest = Mail.objects.filter(sent_at__isnull=False).order_by("-sent_at").values("sent_at")[:1]
    others = Mail.objects.filter(failure_cause=cause, tried_at__gt=Now() - DAY).unfinished()
    since = newest.first()
    alike = others.filter(tried_at__gt=since["sent_at"]) if since else others
    return alike.exclude(recipient=mail.recipient)


def put_back(mail: Mail, cause: str) -> None:
    """Requeue a mail refused because of us, with its failures reset."""
    rows = Mail.objects.filter(pk=mail.pk, lease_token=None)
    if mail.status == FAILED:
        send_again(rows)
    later = Now() + line.hold_of(cause)
    rows.update(next_try_at=later, failure_cause=cause, failures=0, refused_since=None)


def is_out_of_patience(mail: Mail) -> bool:
    """Whether the server has deferred this mail for longer than `EMAIL_PATIENCE_HOURS`."""
    patience = timedelta(hours=config.EMAIL_PATIENCE_HOURS)
    return Mail.objects.filter(pk=mail.pk, failures__gt=0, refused_since__lt=Now() - patience).exists()


def put_off(mail: Mail, cause: str) -> None:
    """Requeue a deferred mail with jittered backoff."""
    chance = random.random()  # noqa: S311  # jitter, no secret
    mail.wait(
        retry_delay(mail.failures + 1, chance, schedule=SCHEDULE, jitter=AT_LEAST),
        cause,
        failures=F("failures") + 1,
        refused_since=Case(When(failures=0, then=Now()), default=F("refused_since")),
        recipient=mail.recipient,
        tried_at=Now(),
    )


def record_sent(mail: Mail, assessment: Assessment | None = None) -> None:
    line.resume_line()
    done = {"sent_at": Now(), "tried_at": Now(), "failure_cause": "", "recipient": mail.recipient}
    if not mail.settle(MailStatus.SENT, address=None, **done):
        return
    clear_typed_address(mail)
    if assessment and kind_of(mail).is_noted:
        note_on_lead(assessment, EmailStatus.SENT, email_delivered_at=Now(), email_delivery_error=None)
    if assessment and mail.kind == MailKind.RESULT and (seen := subject_variant(assessment)):
        running.record_exposures([seen], str(assessment.pk))


def record_cancelled(mail: Mail, cause: str = "") -> None:
    """Cancel a mail without a recipient, or one that is no longer wanted."""
    if not mail.settle(MailStatus.CANCELLED, failure_cause=cause, address=None):
        return
    clear_typed_address(mail)
    if kind_of(mail).is_noted and mail.assessment:
        note_on_lead(mail.assessment, EmailStatus.SKIPPED)


def record_failure(mail: Mail, cause: str) -> None:
    """Mark a mail as failed for good; a person must look at it."""
    if not mail.settle(MailStatus.FAILED, failure_cause=cause, recipient=mail.recipient, tried_at=Now()):
        return
    logger.error("Mail %s needs a person: it failed with %s", mail.pk, cause)
    if kind_of(mail).is_noted and mail.assessment:
        note_on_lead(mail.assessment, EmailStatus.FAILED, email_delivery_error=cause)


def clear_typed_address(mail: Mail) -> None:
    """Clear the address entered for a resume link once its mail is settled."""
    if mail.link:
        mail.link.forget_address()
