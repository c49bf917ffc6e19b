"""Does the domain of a lead's address take mail? Asked by a worker, never while a visitor waits.

Due is every lead of the last day that nobody looked at. Where DNS does not answer nothing is said, and the
next run asks again; after a day nobody does.
"""

import time
from datetime import timedelta

import dns.exception
import dns.resolver
from django.db.models import QuerySet
from django.db.models.functions import Now
from dns.resolver import Resolver

from assessments.models import Assessment
from assessments.models.email_domains import domain_of
from assessments.models.signs import Sign, with_signs

ASK_FOR = timedelta(days=1)
BATCH = 200
WORK_SECONDS = 20.0  # then the next minute goes on
ANSWER_SECONDS = 2.0  # for one question, all tries together


def due() -> QuerySet[Assessment]:
    """Leads whose domain was not looked up yet, newest first."""
    fresh = Assessment.objects.completed().filter(completed_at__gt=Now() - ASK_FOR, email__isnull=False)
    return fresh.filter(address_checked_at__isnull=True).order_by("-completed_at")


def check_due(resolver: Resolver) -> int:
    """Look up the domains of due leads and mark those that take no mail; how many were answered."""
    until = time.monotonic() + WORK_SECONDS
    answered: dict[str, bool | None] = {}
    checked = 0
    for lead in due().only("email", "doubts")[:BATCH]:
        domain = domain_of(lead.email or "")
        if domain not in answered and time.monotonic() < until:
            answered[domain] = takes_mail(domain, resolver)
        if (verdict := answered.get(domain)) is not None:
            checked += note(lead, takes=verdict)
    return checked


def note(lead: Assessment, *, takes: bool) -> int:
    """Write the answer down, unless the lead has changed meanwhile: then the next run asks again."""
    signs = () if takes else (Sign.NO_MAIL_SERVER,)
    kept = [doubt for doubt in lead.doubts if doubt != Sign.NO_MAIL_SERVER]
    same = due().filter(pk=lead.pk, email=lead.email, doubts=lead.doubts).order_by()
    return same.update(doubts=with_signs(kept, *signs), address_checked_at=Now())


def takes_mail(domain: str, resolver: Resolver) -> bool | None:
    """Whether mail to this domain can be delivered, by RFC 5321 and 7505; None when DNS cannot say."""
    try:
        servers = resolver.resolve(domain, "MX", lifetime=ANSWER_SECONDS)
    except dns.resolver.NXDOMAIN:
        return False
    except dns.resolver.NoAnswer:
        return has_address(domain, resolver)
    except dns.exception.DNSException:
        return None
    return any(str(server.exchange) != "." for server in servers)


def has_address(domain: str, resolver: Resolver) -> bool | None:
    """A domain without MX takes mail at its own address."""
    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(domain, kind, lifetime=ANSWER_SECONDS)
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            continue
        except dns.exception.DNSException:
            return None
        return True
    return False
