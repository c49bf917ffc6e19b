"""`/metrics` for Prometheus, computed from PostgreSQL on each scrape, so that all processes agree.

Only codes, states and counts; no personal data.
"""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from queues.declared import Queue, queues
from queues.states import FAILED
from web.backoffice import declarations

Family = GaugeMetricFamily


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics as text. Requires METRICS_TOKEN as a bearer token; 404 if none is configured."""
    if not settings.METRICS_TOKEN:
        return HttpResponse(status=404)
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Figures(Collector):
    def collect(self) -> Iterator[Family]:
        """Yield the metrics of each queue, one query each, and those that apps declare as `metrics`."""
        for each in queues():
            yield from queue_families(each)
        for path in declarations("metrics"):
            yield from import_string(path)()


def queue_families(declared: Queue) -> Iterator[Family]:
    """Rows of a queue by state, and failed ones by cause. One query."""
    counted = declared.counted_rows.order_by().values_list("status", "failure_cause")
    found = list(counted.annotate(Count("pk")))
    by_state = Counter(dict.fromkeys(declared.states, 0))
    for state, _, count in found:
        by_state[state] += count
    name, title = f"assessment_{declared.name}", declared.title
    depth = Family(name, f"{title}, by state", labels=["state"])
    for state, count in by_state.items():
        depth.add_metric([state], count)
    failed = Family(f"{name}_failed", f"{title} that need a person, by cause", labels=["cause"])
    for state, code, count in found:
        if state == FAILED:
            failed.add_metric([code], count)
    yield from (depth, failed)
