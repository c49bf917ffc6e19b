"""The assessments of a period by language, device, campaign, quality, outcome and delivery."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assessments.models.assessment import SyncStatus
from leads.figures.rates import with_rates

NO_OUTCOME = "none"
COUNTED = ("started", "finished", "qualified")

Rows = list[dict[str, Any]]


def splits(cells: Iterable[Mapping[str, Any]], campaigns: Rows) -> dict[str, Rows]:
    """The rows of the tables languages, devices, campaigns, qualities, outcomes and deliveries."""
    found = [{**cell, "outcome": cell["outcome"] or NO_OUTCOME} for cell in cells]
    leads = [{**cell, "leads": cell["finished"]} for cell in found if cell["quality"]]
    delivered = [{**cell, "leads": cell["started"]} for cell in found if cell["quality"] is not None]
    labels = dict(SyncStatus.choices)
    return {
        "languages": with_rates(summed(found, "language", *COUNTED), "started", "finished", "qualified"),
        "devices": with_rates(summed(found, "device", *COUNTED), "started", "finished", "qualified"),
        "campaigns": with_rates(campaigns, "started", "finished", "qualified"),
        "qualities": summed(leads, "quality", "leads"),
        "outcomes": summed(leads, "outcome", "leads"),
        "deliveries": [
            {**row, "label": str(labels.get(row["state"], row["state"]))}
            for row in summed(delivered, "state", "leads")
        ],
    }


def summed(cells: Iterable[Mapping[str, Any]], name: str, *counted: str) -> Rows:
    """Sum the cells by one of their names, the largest first."""
    sums: dict[Any, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        sums[cell[name]].update({each: cell[each] for each in counted})
    rows = [{name: value, **{each: found[each] for each in counted}} for value, found in sums.items()]
    return sorted(rows, key=lambda row: (-row[counted[0]], str(row[name])))
