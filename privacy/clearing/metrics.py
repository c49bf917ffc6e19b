"""Prometheus metrics of clearing: leads at risk of being scrubbed undelivered, and the last scrub."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily

from privacy.clearing.undelivered_alarm import alarm_age, unconfirmed_leads
from privacy.models import ScrubCertificate
from web.metrics import gauge


def metrics() -> Iterator[GaugeMetricFamily]:
    """Yield the gauges, with two queries; those of the last scrub are absent before the first one."""
    yield gauge(
        "unconfirmed_leads",
        "Leads past DELIVERY_ALARM_DAYS that HubSpot has not confirmed",
        unconfirmed_leads(alarm_age()).count(),
    )
    last = ScrubCertificate.objects.sealed().last()
    if last and last.finished_at:
        age = (timezone.now() - last.finished_at).total_seconds()
        yield gauge("scrub_age_seconds", "How long ago the last scrub ended", max(0.0, age))
        yield gauge("scrub_rows", "Rows that the last scrub cleared", last.rows)
        yield gauge("scrub_complete", "1 when it left nothing that was due", int(last.complete))
