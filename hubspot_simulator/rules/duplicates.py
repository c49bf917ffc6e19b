"""Detect duplicates: evidence of whether a sync is idempotent."""

from collections import defaultdict
from collections.abc import Iterator

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record, addresses

Found = tuple[str, list[str]]


def find(portal: Portal) -> list[Found]:
    """Property and ids of live records that share an address, a unique value, or a deal name and contact."""
    holders = defaultdict[tuple[str, str], list[str]](list)
    for kind in Kind:
        for record in portal.store.live(kind):
            for name, value in _marks(portal, record):
                holders[f"{kind}.{name}", value].append(record.id)
    return [(name, ids) for (name, _), ids in holders.items() if len(ids) > 1]


def _marks(portal: Portal, record: Record) -> Iterator[tuple[str, str]]:
    yield from (("email", address) for address in addresses(record))
    for name in portal.schemas[record.kind].unique_names():
        if record.get(name):
            yield name, record.get(name)
    if record.kind is Kind.DEAL:
        for contact in portal.store.neighbours(record.id):
            yield "dealname", f"{record.get('dealname')} {contact}"
