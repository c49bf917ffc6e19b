"""Check whether the domain of a lead's address accepts mail; in a worker, never in a web request.

Each lead of the last day is looked up once. While DNS does not answer, the next task retries, for a day.
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
from assessments.models.signs import Sign, merge_signs

ASK_FOR = timedelta(days=1)
BATCH = 200
WORK_SECONDS = 20.0  # then the next task continues
ANSWER_SECONDS = 2.0  # for one lookup, including retries


def unchecked_leads() -> QuerySet[Assessment]:
    """Leads whose domain has not been looked up yet, newest first."""
    fresh = Assessment.objects.completed().filter(completed_at__gt=Now() - ASK_FOR, email__isnull=False)
    return fresh.filter(address_checked_at__isnull=True).order_by("-completed_at")


def check_domains(resolver: Resolver) -> int:
    """Look up the domains of due leads and mark those that accept no mail; returns how many were answered."""
    until = time.monotonic() + WORK_SECONDS
    answered: dict[str, bool | None] = {}
    checked = 0
    for lead in unchecked_leads().only("email", "doubts")[:BATCH]:
        domain = domain_of(lead.email or "")
        if domain not in answered and time.monotonic() < until:
            answered[domain] = takes_mail(domain, resolver)
        if (verdict := answered.get(domain)) is not None:
            checked += record_verdict(lead, takes=verdict)
    return checked


def record_verdict(lead: Assessment, *, takes: bool) -> int:
    """Store the verdict unless the lead has changed (then the next task retries); returns updated rows."""
    signs = () if takes else (Sign.NO_MAIL_SERVER,)
    kept = [doubt for doubt in lead.doubts if doubt != Sign.NO_MAIL_SERVER]
    same = unchecked_leads().filter(pk=lead.pk, email=lead.email, doubts=lead.doubts).order_by()
    return same.update(doubts=merge_signs(kept, *signs), address_checked_at=Now())


def takes_mail(domain: str, resolver: Resolver) -> bool | None:
    """Whether the domain accepts mail, by RFC 5321 and 7505; None when DNS gives no answer."""
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
    """Whether the domain itself has an A or AAAA record, the fallback of RFC 5321 without MX."""
    for kind in ("A", "AAAA"):
        try:
            resolver.resolve(domain, kind, lifetime=ANSWER_SECONDS)
        except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
            continue
        except dns.exception.DNSException:
            return None
        return True
    return False
