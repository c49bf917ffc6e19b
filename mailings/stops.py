"""Unsubscribe an address from all mails, with one click in any of them (RFC 8058).

Applies to every kind of mail except links to the privacy page, which are a right. The owner of the address
reverses it by consenting to mails on the privacy page; entering the address in the form does not.
"""

from django.core.signing import BadSignature, Signer

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.models import Consent, ConsentSource, Purpose
from encryption.email_addresses import address_hash
from mailings.models import Mail, MailStop
from mailings.queue import recipient_key, recipient_keys

OBJECTION = {Purpose.RESULT: False, Purpose.MARKETING: False}


def stop_token(mail: Mail) -> str:
    return signer().sign(mail.pk.hex)


def signer() -> Signer:
    return Signer(salt="mailings.stops")


def mail_of(token: str) -> Mail | None:
    """Return the mail with this token; None when the token is invalid or the mail is past its retention."""
    try:
        key = signer().unsign(token)
    except BadSignature:
        return None
    return Mail.objects.filter(pk=key, recipient__isnull=False).select_related("assessment").first()


def stop_mails_to_recipient(mail: Mail) -> None:
    """Unsubscribe the mail's recipient. Idempotent: a later click only updates the time."""
    if mail.recipient is None:
        return
    MailStop.objects.bulk_create(
        [MailStop(recipient=mail.recipient)],
        update_conflicts=True,
        unique_fields=["recipient"],
        update_fields=["created_at"],
    )
    Mail.objects.filter(recipient=mail.recipient).cancel()
    address = address_of(mail.assessment) if mail.assessment else None
    if address and recipient_key(address) == mail.recipient:
        consents.record_choices(address, OBJECTION, ConsentSource.UNSUBSCRIBE)


def is_stopped(address: str) -> bool:
    """Whether the owner unsubscribed and has not consented to mails since. At most two queries."""
    found = MailStop.objects.filter(recipient__in=recipient_keys(address)).order_by("-created_at").first()
    if found is None:
        return False
    by_owner = Consent.objects.filter(address_hash=address_hash(address), scope=None, given=True)
    return not by_owner.filter(recorded_at__gt=found.created_at).exists()
