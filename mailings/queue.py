"""Enqueue mails: each in the transaction that makes it necessary, with a deduplication key."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import assessments_of
from assessments.lifecycle.consents import Choices
from assessments.lifecycle.services import session_lifetime
from assessments.models import Assessment, AssessmentLink, AssessmentSession, LinkPurpose, Purpose
from assessments.models.assessment import EmailStatus
from encryption.email_addresses import canonical_address, mailbox_of
from mailings.models import Mail, MailKind, MailQuerySet, MailStatus
from queues.wakeup import wake_up

SEND = "mailings.tasks.send_due"


def dedup_key(*parts: object) -> str:
    """Return a deduplication key: a keyed hash, meaningless without our secret."""
    return salted_hmac("mailings.queue", "\n".join(map(str, parts)), algorithm="sha256").hexdigest()


def recipient_key(address: str) -> str:
    """Return the keyed hash under which mails to the mailbox of an address are counted and stopped."""
    return dedup_key("recipient", mailbox_of(address))


def recipient_keys(address: str) -> set[str]:
    """Return every key under which a stop may be stored: until 0.1 it was that of the address itself."""
    return {recipient_key(address), dedup_key("recipient", canonical_address(address))}


def asked_with(browser: Mapping[str, str]) -> str:
    """Return device class and browser of `visitors.browser_info` as one text: "desktop Firefox"."""
    return f"{browser.get('device', '')} {browser.get('browser', '')}"[:100].rstrip()


def put_mail(mail: Mail) -> None:
    """Insert a mail, idempotent by its deduplication key, and wake a worker after commit. One INSERT."""
    Mail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(partial(wake_up, SEND), robust=True)


def enqueue_for_lead(
    sender: type[Assessment], assessment: Assessment, *, choices: Choices | None = None, **kwargs: Any
) -> None:
    """Receiver of `assessments.signals.lead_changed`: mail what was requested in a finished assessment."""
    address = assessment.email
    if not (assessment.completed_at and address):
        return
    if choices is None:
        choices = consents.choices_of(address, assessment.pk)
    if choices.in_force.get(Purpose.RESULT):
        enqueue_result(assessment, address)
    if choices.awaits_click and settings.MAIL_IS_SET_UP:
        put_once(MailKind.CONFIRMATION, assessment, address)


def put_once(kind: MailKind, assessment: Assessment, address: str) -> None:
    """Queue a mail of this kind to the address of an assessment, once; again if it was cancelled."""
    key = dedup_key(kind, assessment.pk, canonical_address(address))
    Mail.objects.filter(key=key, status=MailStatus.CANCELLED).update(key=None)  # requested again
    put_mail(
        Mail(
            kind=kind,
            assessment_id=assessment.pk,
            key=key,
            recipient=recipient_key(address),
            asked_with=asked_with(assessment.browser_info),
        )
    )


def enqueue_result(assessment: Assessment, address: str) -> None:
    put_once(MailKind.RESULT, assessment, address)
    waiting = Mail.objects.filter(assessment=assessment, kind=MailKind.RESULT, status=MailStatus.WAITING)
    unnoted = Assessment.objects.filter(
        pk__in=waiting.values("assessment"), email_delivery_status=EmailStatus.SKIPPED
    )
    unnoted.update(email_delivery_status=EmailStatus.PENDING)


def enqueue_privacy_link(address: str, now: datetime, device: str = "") -> None:
    """Mail the access link of the privacy page to this address, if it is known; at most once an hour.

    Does the same work for unknown addresses, so that timing does not reveal who is known. The link belongs to
    the address: the assessment is looked up again when it is sent. `device`: of the request, as returned by
    `asked_with`.
    """
    assessments = assessments_of(address)
    with transaction.atomic():
        put_mail(
            Mail(
                kind=MailKind.PRIVACY_LINK,
                assessment_id=assessments[0].pk if assessments else None,
                key=dedup_key(MailKind.PRIVACY_LINK, canonical_address(address), f"{now:%Y-%m-%d %H}"),
                recipient=recipient_key(address),
                address=canonical_address(address),
                asked_with=device,
            )
        )


def enqueue_password_reset(sender: object, address: str, **kwargs: Any) -> None:
    """Receiver of `accounts.links.reset_requested`: one INSERT, known or not; at most once a minute."""
    if not settings.MAIL_IS_SET_UP:
        return
    put_mail(
        Mail(
            kind=MailKind.PASSWORD_RESET,
            key=dedup_key(
                MailKind.PASSWORD_RESET, canonical_address(address), f"{timezone.now():%Y-%m-%d %H:%M}"
            ),
            recipient=recipient_key(address),
            address=canonical_address(address),
        )
    )


def enqueue_resume(session: AssessmentSession, address: str, now: datetime, device: str = "") -> None:
    """Mail a link to resume this assessment to an address used for this only; once an hour per pair.

    The address is stored with the link until the mail is sent. Suppression is checked when it is sent, so
    that the response does not reveal it.
    """
    assessment = session.assessment
    key = dedup_key(MailKind.RESUME, assessment.pk, canonical_address(address), f"{now:%Y-%m-%d %H}")
    if Mail.objects.filter(key=key).exists():
        return
    with transaction.atomic():
        link = AssessmentLink.objects.make(
            assessment,
            LinkPurpose.RESUME,
            expires_at=Now() + session_lifetime(),
            address=canonical_address(address),
        )
        put_mail(
            Mail(
                kind=MailKind.RESUME,
                assessment_id=assessment.pk,
                key=key,
                link=link,
                recipient=recipient_key(address),
                asked_with=device,
            )
        )


def send_again(mails: MailQuerySet) -> int:
    """Requeue the failed ones among these mails with fresh attempts; return how many."""
    with transaction.atomic():
        failed = mails.filter(status=MailStatus.FAILED).order_by("pk").select_for_update()
        chosen = Mail.objects.filter(pk__in=list(failed.values_list("pk", flat=True)))
        sent = chosen.send_again()
        noted = Assessment.objects.filter(pk__in=chosen.filter(kind=MailKind.RESULT).values("assessment"))
        noted.update(email_delivery_status=EmailStatus.PENDING, email_delivery_error=None)
        transaction.on_commit(partial(wake_up, SEND), robust=True)
    return sent


def note_on_lead(assessment: Assessment, status: EmailStatus, **more: Any) -> None:
    """Record the outcome of the result mail on the assessment."""
    Assessment.objects.filter(pk=assessment.pk).update(email_delivery_status=status, **more)
