"""How many mails an address gets, and how many addresses a session may mail: anybody can type any address.

Counted when a mail is sent, by keyed hashes. Links to the privacy page count by themselves: nobody must be
able to use up the mails of somebody who asks for their data.
"""

from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Now

from mailings.models import Mail, MailKind, MailStatus

DAY = timedelta(days=1)
RESULTS_A_DAY = 1
MAILS_A_DAY = 4  # of all kinds but links to the privacy page
PRIVACY_LINKS_A_DAY = 6
ADDRESSES_OF_A_SESSION = 3


def is_enough(mail: Mail, recipient: str) -> bool:
    """Whether this address, or the session that asked, had all the mails that it gets. Two queries."""
    counts = to_address_today(mail, recipient)
    if mail.kind == MailKind.PRIVACY_LINK:
        return counts["privacy_links"] >= PRIVACY_LINKS_A_DAY
    if mail.kind == MailKind.RESULT and counts["results"] >= RESULTS_A_DAY:
        return True
    return counts["others"] >= MAILS_A_DAY or other_addresses(mail, recipient) >= ADDRESSES_OF_A_SESSION


def to_address_today(mail: Mail, recipient: str) -> dict[str, int]:
    """Sent within a day, or being sent now and asked for earlier than this one."""
    sent = Q(status=MailStatus.SENT, sent_at__gt=Now() - DAY)
    under_way = Q(status=MailStatus.LEASED, created_at__lt=mail.created_at)
    counted = Mail.objects.filter(sent | under_way, recipient=recipient).exclude(pk=mail.pk)
    privacy_link = Q(kind=MailKind.PRIVACY_LINK)
    return counted.aggregate(
        results=Count("pk", filter=Q(kind=MailKind.RESULT)),
        privacy_links=Count("pk", filter=privacy_link),
        others=Count("pk", filter=~privacy_link),
    )


def other_addresses(mail: Mail, recipient: str) -> int:
    """How many other addresses the session behind this mail has had mails sent to."""
    sent = Mail.objects.filter(assessment=mail.assessment, status=MailStatus.SENT)
    others = sent.exclude(recipient=recipient).exclude(kind=MailKind.PRIVACY_LINK)
    return others.values("recipient").distinct().count()
