"""Prometheus metrics of the delivery to HubSpot, beside those of the queues."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily

from hubspot_sync.http.availability import availability
from hubspot_sync.status.backlog import leads_held_back, longest_overdue
from web.metrics import gauge


def metrics() -> Iterator[GaugeMetricFamily]:
    """Two queries and one look at Redis. The circuit is omitted while Redis does not answer."""
    yield gauge(
        "oldest_due_seconds",
        "How long the oldest due lead has been due; 0 when none is",
        longest_overdue().total_seconds(),
    )
    yield gauge(
        "leads_held_back",
        "Leads that are not sent because the person objects, or has not consented",
        leads_held_back(),
    )
    found = availability()
    if found.known:
        yield gauge("hubspot_circuit_open", "1 while calls to HubSpot are held back", int(not found.open))
