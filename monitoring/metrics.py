"""Histograms and counters of all processes together, from what they added to Redis; none without Redis."""

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

from monitoring.timings import BUCKETS, Counts, all_counts

# {name: (words, labels)}
MEASURED = {
    "request": ("How long requests took, by area, method and answer", ["area", "method", "status"]),
    "query": ("How long SQL statements took, by kind and outcome", ["kind", "outcome"]),
    "task": ("How long tasks took, by name and state", ["task", "state"]),
    "hubspot_call": ("How long calls of HubSpot took, by method and outcome", ["method", "outcome"]),
}


def metrics() -> Iterator[Metric]:
    """No query; one look at Redis."""
    counts = all_counts()
    if counts is None:
        return
    for name, (words, labels) in MEASURED.items():
        yield histogram(counts, name, words, labels)
    connections = CounterMetricFamily(
        "assessment_database_connections", "Connections to PostgreSQL, made or failed", labels=["outcome"]
    )
    for outcome in ("ok", "failed"):
        connections.add_metric([outcome], counts[f"connect|{outcome}|count"])
    yield connections


def histogram(counts: Counts, name: str, words: str, labels: list[str]) -> HistogramMetricFamily:
    family = HistogramMetricFamily(f"assessment_{name}_seconds", words, labels=labels)
    by_label: dict[str, dict[str, int]] = defaultdict(dict)
    for key, count in counts.items():
        kind, label, part = key.split("|")
        if kind == name:
            by_label[label][part] = count
    for label, parts in sorted(by_label.items()):
        seen, buckets = 0, []
        for limit in BUCKETS:
            seen += parts.get(str(limit), 0)
            buckets.append((str(limit), float(seen)))
        buckets.append(("+Inf", float(parts.get("count", 0))))
        family.add_metric(label.split(","), buckets, parts.get("sum", 0) / 1_000_000)
    return family
