"""Associations between deals and contacts: one pair, visible from both sides under different type ids."""

from collections.abc import Iterable

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Link, Record
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, validation
from hubspot_simulator.wire.messages import Json

TYPES = {(Kind.DEAL, Kind.CONTACT): 3, (Kind.CONTACT, Kind.DEAL): 4}
DEFINED = "HUBSPOT_DEFINED"


def type_id(source: Kind, target: Kind) -> int:
    """3 for deal to contact, 4 for contact to deal. Raises Refusal 400 for other kinds."""
    if (source, target) not in TYPES:
        raise validation(f"No default association from {source} to {target}", invented=True)
    return TYPES[source, target]


def other(kind: Kind) -> Kind:
    return Kind.DEAL if kind is Kind.CONTACT else Kind.CONTACT


def pair(kind: Kind, id: str, target_id: str) -> Link:
    return (id, target_id) if kind is Kind.DEAL else (target_id, id)


def ends(portal: Portal, kind: Kind, id: str, target_id: str) -> Link:
    """The pair of two live records. Raises Refusal 400 naming the missing ids."""
    source, target = portal.store.get(kind, id), portal.store.get(other(kind), target_id)
    if source and target:
        return pair(kind, source.id, target.id)
    asked = ((kind, id, source), (other(kind), target_id, target))
    missing = [(which.singular.upper(), end) for which, end, found in asked if found is None]
    raise _invalid(
        INVALID_OBJECT_IDS=[f"{which}={end} is not valid" for which, end in missing],
        objectId=[end for _, end in missing],
        objectType=[which for which, _ in missing],
    )


def connect_new(portal: Portal, record: Record, associations: Iterable[object]) -> None:
    """Create the associations of a create request. Raises Refusal 400, and then the create is rolled back."""
    for item in associations:
        wanted = reading.as_object(item, "associations")
        target = reading.as_text(reading.as_object(wanted.get("to"), "associations.to").get("id"), "to.id")
        check_types(
            record.kind, other(record.kind), reading.as_list(wanted.get("types"), "associations.types")
        )
        portal.store.link(ends(portal, record.kind, record.id, target))


def check_types(source: Kind, target: Kind, types: Iterable[object]) -> None:
    """Raises Refusal 400 unless every type is HubSpot's own for this direction."""
    for item in types:
        wanted = reading.as_object(item, "types")
        category, number = wanted.get("associationCategory"), wanted.get("associationTypeId")
        if category != DEFINED or number != type_id(source, target):
            raise _invalid(
                INVALID_ASSOCIATION_TYPE_ID=[f"{category}={number} is not a valid association definition id"]
            )


def linked(portal: Portal, record: Record) -> list[str]:
    """Ids of the associated live records, oldest association first."""
    target = other(record.kind)
    return [id for id in portal.store.neighbours(record.id) if portal.store.get(target, id)]


def directed(kind: Kind, id: str, target_id: str) -> list[Json]:
    """The two directed results in HubSpot's answer to one default association."""
    target = other(kind)
    return [
        _result(id, target_id, type_id(kind, target)),
        _result(target_id, id, type_id(target, kind)),
    ]


def _result(source_id: str, target_id: str, number: int) -> Json:
    return {
        "from": {"id": source_id},
        "to": {"id": target_id},
        "associationSpec": {"associationCategory": DEFINED, "associationTypeId": number},
    }


def _invalid(**context: list[str]) -> Refusal:
    return validation("One or more associations are invalid", context=context)
