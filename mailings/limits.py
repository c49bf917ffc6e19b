"""Limits on mails per address and addresses per assessment, since anyone can enter any address.

Counted by keyed hashes when a mail is sent. Links to the privacy page and to a new password have limits of
their own, so that other mails cannot exhaust them.
"""

from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now

from mailings.models import Mail, MailKind, MailStatus

DAY = timedelta(days=1)
RESULTS_A_DAY = 1
CONFIRMATIONS_A_DAY = 1
MAILS_A_DAY = 4  # of all kinds except those with a limit of their own
PRIVACY_LINKS_A_DAY = 6
PASSWORD_RESETS_A_DAY = 6
ADDRESSES_OF_A_SESSION = 3


def is_enough(mail: Mail, recipient: str) -> bool:
    """Whether the recipient has reached the daily limit, or the assessment its limit. Two queries."""
    counts = to_address_today(mail, recipient)
    if mail.kind == MailKind.PRIVACY_LINK:
        return counts["privacy_links"] >= PRIVACY_LINKS_A_DAY
    if mail.kind == MailKind.PASSWORD_RESET:
        return counts["password_resets"] >= PASSWORD_RESETS_A_DAY
    if mail.kind == MailKind.RESULT and counts["results"] >= RESULTS_A_DAY:
        return True
    if mail.kind == MailKind.CONFIRMATION and counts["confirmations"] >= CONFIRMATIONS_A_DAY:
        return True
    return counts["others"] >= MAILS_A_DAY or other_addresses(mail, recipient) >= ADDRESSES_OF_A_SESSION


def to_address_today(mail: Mail, recipient: str) -> dict[str, int]:
    """Count mails sent within a day, and earlier ones being sent now."""
    sent = Q(status=MailStatus.SENT, sent_at__gt=Now() - DAY)
    under_way = Q(status=MailStatus.LEASED, created_at__lt=mail.created_at)
    counted = Mail.objects.filter(sent | under_way, recipient=recipient).exclude(pk=mail.pk)
    privacy_link = Q(kind=MailKind.PRIVACY_LINK)
    password_reset = Q(kind=MailKind.PASSWORD_RESET)
    return counted.aggregate(
        results=Count("pk", filter=Q(kind=MailKind.RESULT)),
        confirmations=Count("pk", filter=Q(kind=MailKind.CONFIRMATION)),
        privacy_links=Count("pk", filter=privacy_link),
        password_resets=Count("pk", filter=password_reset),
        others=Count("pk", filter=~privacy_link & ~password_reset),
    )


def other_addresses(mail: Mail, recipient: str) -> int:
    """Count the other addresses already mailed for the same assessment."""
    sent = Mail.objects.filter(assessment=mail.assessment, status=MailStatus.SENT)
    others = sent.exclude(recipient=recipient).exclude(kind=MailKind.PRIVACY_LINK)
    return others.values("recipient").distinct().count()
