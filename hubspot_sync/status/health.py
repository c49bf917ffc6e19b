"""Health of the way to HubSpot, for the home page and `script/manage doctor`."""

from collections.abc import Iterator

from constance import config
from django.conf import settings
from django.utils import timezone

from hubspot_sync.account.check import check_account
from hubspot_sync.causes import explain
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http.availability import availability
from hubspot_sync.http.client import open_client
from monitoring.findings import Finding, Level, stated

AREA = "HubSpot"


def calls() -> Iterator[Finding]:
    """Whether calls go through now, by circuit breaker and limiter; asks Redis and not HubSpot."""
    found = availability()
    if not settings.HUBSPOT_TOKEN or not config.HUBSPOT_SYNC_ENABLED:
        missing = "HUBSPOT_SYNC_ENABLED" if settings.HUBSPOT_TOKEN else "HUBSPOT_TOKEN"
        yield stated(
            AREA,
            "sending",
            Level.AMBER,
            "off",
            reason=f"{missing} is not set: leads wait.",
            fix=f"Set {missing}.",
        )
    elif not found.known:
        yield stated(
            AREA,
            "circuit",
            Level.AMBER,
            "not known",
            reason="Redis does not answer, and it holds the state of the circuit.",
            fix="See Redis.",
        )
    elif found.opened:
        cause = explain(found.opened.cause.partition(" ")[0])
        yield stated(
            AREA,
            "circuit",
            Level.RED,
            "open",
            threshold="red when open",
            reason=f"Calls are held back: {cause.happened}",
            fix=cause.to_do or "It closes by itself once HubSpot answers.",
        )
    elif found.closed_for:
        yield stated(
            AREA,
            "limit",
            Level.AMBER,
            f"no calls for {found.closed_for:.0f} s",
            threshold="amber when calls wait for the limit",
            reason="HubSpot's limit is reached.",
            fix="Nothing, unless it lasts: then look for other programs on the same token.",
        )
    else:
        yield stated(AREA, "circuit", Level.GREEN, "closed: calls go through")


def account() -> Iterator[Finding]:
    """Token, scopes, properties, pipeline and the calls of today; without a token there is nothing to ask."""
    if not settings.HUBSPOT_TOKEN:
        return
    with open_client() as client:
        for found in check_account(client, configured_destination(), timezone.now(), test_lead=False):
            words, _, fix = found.words.partition(". ")
            yield stated(
                AREA,
                found.subject,
                Level.GREEN if found.good else Level.RED,
                words if found.good else "wrong",
                reason="" if found.good else f"{words}.",
                fix="" if found.good else (fix or "Run: script/manage hubspot_setup"),
            )
