"""A Prometheus metric, under the product's common name prefix."""

from prometheus_client.core import GaugeMetricFamily


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"assessment_{name}", words, value=value)
