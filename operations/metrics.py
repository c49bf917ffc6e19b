"""`/metrics` for Prometheus: counted from PostgreSQL when somebody asks, so all processes say the same.

Codes, states and counts; nothing of a person.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from hubspot_sync.http.availability import availability
from hubspot_sync.models import ErasureStatus, HubSpotErasure, QueueStatus, SyncQueueItem
from hubspot_sync.status.backlog import longest_overdue
from mailings.models import Mail, MailStatus
from privacy.clearing.undelivered_alarm import unconfirmed_leads
from privacy.models import ScrubCertificate

Family = GaugeMetricFamily
FAILED = "failed"


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure below as text, for whoever has METRICS_TOKEN; where none is set there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    def collect(self) -> Iterator[Family]:
        """Six statements and a look at Redis."""
        open_states = (QueueStatus.WAITING, QueueStatus.LEASED, QueueStatus.FAILED)
        yield from queue(
            "leads", "Leads on their way to HubSpot", SyncQueueItem.objects.undelivered(), open_states
        )
        yield from queue(
            "erasures",
            "Erasures on their way to HubSpot",
            HubSpotErasure.objects.all(),
            ErasureStatus,
        )
        yield from queue("mails", "Mails to prospects", Mail.objects.all(), MailStatus)
        yield gauge(
            "oldest_due_seconds",
            "How long the oldest due lead has been due; 0 when none is",
            longest_overdue().total_seconds(),
        )
        yield from circuit()
        yield gauge(
            "unconfirmed_leads",
            "Leads past DELIVERY_ALARM_DAYS that HubSpot has not confirmed",
            unconfirmed_leads().count(),
        )
        yield from scrub()


def queue(name: str, words: str, rows: QuerySet[Any], states: Iterable[str]) -> Iterator[Family]:
    """Rows by state, those that failed by cause as well. One query."""
    found = list(rows.order_by().values_list("status", "failure_cause").annotate(Count("pk")))
    by_state = Counter({str(state): 0 for state in states})
    for state, _, count in found:
        by_state[state] += count
    depth = Family(f"assessment_{name}", f"{words}, by state", labels=["state"])
    for state, count in by_state.items():
        depth.add_metric([state], count)
    failed = Family(f"assessment_{name}_failed", f"{words} that need a person, by cause", labels=["cause"])
    for state, code, count in found:
        if state == FAILED:
            failed.add_metric([code], count)
    yield from (depth, failed)


def gauge(name: str, words: str, value: float) -> Family:
    return Family(f"assessment_{name}", words, value=value)


def circuit() -> Iterator[Family]:
    """Left out while Redis does not answer: nobody knows it then."""
    found = availability()
    if found.known:
        yield gauge("hubspot_circuit_open", "1 while calls to HubSpot are held back", int(not found.open))


def scrub() -> Iterator[Family]:
    """Of the newest certificate; left out before the first."""
    last = ScrubCertificate.objects.sealed().last()
    if last and last.finished_at:
        age = (timezone.now() - last.finished_at).total_seconds()
        yield gauge("scrub_age_seconds", "How long ago the last scrub ended", max(0.0, age))
        yield gauge("scrub_rows", "Rows that the last scrub cleared", last.rows)
        yield gauge("scrub_complete", "1 when it left nothing that was due", int(last.complete))
