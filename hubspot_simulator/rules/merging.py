"""Merge two records: the survivor has a new id, to which the old ids and addresses lead."""

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record, addresses
from hubspot_simulator.wire.errors import validation

MOST_ADDRESSES = 250


def merge(portal: Portal, primary: Record, other: Record) -> Record:
    """The survivor: the primary's values, filled in from the other record, with the associations of both.

    Raises Refusal 400 for a record merged with itself and for too many addresses.
    """
    if primary.id == other.id:
        raise validation("A record cannot be merged with itself", invented=True)
    kept = portal.switches.merge_keeps_id
    id = primary.id if kept else portal.new_id()
    held = {**other.properties, **primary.properties, **_addresses(primary, other)}
    held["hs_merged_object_ids"] = ";".join(_former_ids(primary, other, kept=kept))
    links = [*portal.store.neighbours(primary.id), *portal.store.neighbours(other.id)]
    for gone in (primary, other):
        portal.store.remove(gone)
    survivor = Record(id, primary.kind, held, min(primary.created_at, other.created_at), portal.now())
    portal.store.put(survivor)
    for end in links:
        portal.store.link((id, end) if survivor.kind is Kind.DEAL else (end, id))
    for former in (primary.id, other.id):
        portal.store.redirect(former, id)
    return survivor


def _addresses(primary: Record, other: Record) -> dict[str, str]:
    every = list(dict.fromkeys([*addresses(primary), *addresses(other)]))
    if len(every) > MOST_ADDRESSES:
        raise validation(f"The merged contact would have more than {MOST_ADDRESSES} addresses", invented=True)
    return {"email": every[0], "hs_additional_emails": ";".join(every[1:])} if every else {}


def _former_ids(primary: Record, other: Record, *, kept: bool) -> list[str]:
    earlier = [*primary.get("hs_merged_object_ids").split(";"), *other.get("hs_merged_object_ids").split(";")]
    former = [other.id] if kept else [primary.id, other.id]
    return [id for id in dict.fromkeys([*earlier, *former]) if id]
