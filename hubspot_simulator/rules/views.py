"""The representation of a record in an answer."""

from collections.abc import Sequence

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.store import Record
from hubspot_simulator.account.values import instant
from hubspot_simulator.wire.messages import Json

USUAL = {
    Kind.CONTACT: ("email", "firstname", "lastname"),
    Kind.DEAL: ("amount", "closedate", "dealname", "dealstage", "pipeline"),
}


def held(record: Record) -> dict[str, str]:
    """All properties with a value, including HubSpot's own."""
    return dict(record.properties) | {
        "hs_object_id": record.id,
        "createdate": instant(record.created_at),
        record.kind.modified: instant(record.updated_at),
    }


def record(record: Record, names: Sequence[str] = ()) -> Json:
    """The record with the named properties, or its default ones; unset ones are null."""
    told = held(record)
    always = ("hs_object_id", "createdate", record.kind.modified)
    body: Json = {
        "id": record.id,
        "properties": {name: told.get(name) for name in sorted({*(names or USUAL[record.kind]), *always})},
        "createdAt": instant(record.created_at),
        "updatedAt": instant(record.updated_at),
        "archived": not record.live,
    }
    return body | ({"archivedAt": instant(record.archived_at)} if record.archived_at else {})
