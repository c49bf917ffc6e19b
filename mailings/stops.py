"""No more mails to an address: one click in any mail of ours (RFC 8058), whoever typed the address.

It stops all kinds but links to the privacy page, which are a right. The address's owner lifts it by agreeing
to mails again on the privacy page; a stranger who types the address does not.
"""

from django.core.signing import BadSignature, Signer

from assessments.lifecycle import consents
from assessments.lifecycle.assessments_of_person import address_of
from assessments.models import Consent, ConsentSource, Purpose
from encryption.email_addresses import address_hash
from mailings.models import Mail, MailStop
from mailings.queue import recipient_key

OBJECTION = {Purpose.RESULT: False, Purpose.MARKETING: False}


def stop_token(mail: Mail) -> str:
    return signer().sign(mail.pk.hex)


def signer() -> Signer:
    return Signer(salt="mailings.stops")


def mail_of(token: str) -> Mail | None:
    """The mail that carried this token; None when it is not ours, or gone with its retention."""
    try:
        key = signer().unsign(token)
    except BadSignature:
        return None
    return Mail.objects.filter(pk=key, recipient__isnull=False).select_related("assessment").first()


def stop(mail: Mail) -> None:
    """Write to its recipient no more. Idempotent: a later click counts anew."""
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
        consents.record_choices(address, OBJECTION, ConsentSource.PRIVACY_PAGE)


def is_stopped(address: str) -> bool:
    """Whether its owner stopped our mails, and has not agreed to any since. Two queries at most."""
    found = MailStop.objects.filter(recipient=recipient_key(address)).first()
    if found is None:
        return False
    by_owner = Consent.objects.filter(address_hash=address_hash(address), scope=None, given=True)
    return not by_owner.filter(recorded_at__gt=found.created_at).exists()
