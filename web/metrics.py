"""One figure for Prometheus, under the name that all figures of this product begin with."""

from prometheus_client.core import GaugeMetricFamily


def gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"assessment_{name}", words, value=value)
