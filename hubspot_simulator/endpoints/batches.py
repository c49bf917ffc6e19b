"""Batch endpoints: many records in one call."""

from collections.abc import Callable
from dataclasses import replace

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record
from hubspot_simulator.endpoints.objects import check_identifies
from hubspot_simulator.rules import batches, linking, records, views
from hubspot_simulator.rules.batches import Input
from hubspot_simulator.rules.records import Written
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal
from hubspot_simulator.wire.messages import Answer, Request


def create(portal: Portal, request: Request) -> Answer:
    """Create records: 201 or 207. A taken address: one 409 without its id, or one error per trace id."""
    kind, batch = Kind.named(request.params["kind"]), batches.read(request, "properties")

    def write(item: Input) -> Written:
        written = records.create(portal, kind, item.properties, version=request.version)
        linking.connect_new(portal, written.record, item.associations)
        return written

    try:
        return batches.run(portal, batch, write, status=201)
    except Refusal as refusal:
        if refusal.status == 409:
            raise Refusal(409, "Contact already exists", category="CONFLICT") from None
        raise


def upsert(portal: Portal, request: Request) -> Answer:
    kind, batch = Kind.named(request.params["kind"]), batches.read(request, "id", "properties")
    for name in {item.id_property or "hs_object_id" for item in batch}:
        check_identifies(portal, kind, name)
    batches.refuse_duplicates(batch)

    def write(item: Input) -> Written:
        return records.upsert(
            portal,
            kind,
            item.properties,
            id_property=item.id_property or "",
            key=item.id,
            version=request.version,
        )

    whole = portal.switches.whole_batch_conflict
    return batches.run(portal, batch, _each_record_once(write), status=200, conflict_fails_all=whole)


def update(portal: Portal, request: Request) -> Answer:
    """Update records: 200, or 207 naming missing ids, which unlike a bad value never fail the rest."""
    kind, batch = Kind.named(request.params["kind"]), batches.read(request, "id", "properties")
    batches.refuse_duplicates(batch)
    found = {item.id: _find(portal, kind, item.id_property, item.id) for item in batch}
    missing = [item for item in batch if found[item.id] is None]

    def write(item: Input) -> Written:
        record = found[item.id]
        if record is None:
            raise batches.missing(kind.singular.upper(), [item.id])
        return records.update(portal, record, item.properties, version=request.version)

    if batch.traced or not missing:
        return batches.run(portal, batch, write, status=200)
    there = replace(batch, inputs=tuple(item for item in batch if found[item.id]))
    return _with_missing(batches.run(portal, there, write, status=200), kind, [item.id for item in missing])


def read(portal: Portal, request: Request) -> Answer:
    """The records found, and a single error that names all others. A merged id answers with its survivor."""
    kind, body, batch = Kind.named(request.params["kind"]), reading.body(request), batches.read(request, "id")
    name = reading.as_optional_text(body.get("idProperty"), "idProperty")
    wanted = [
        reading.as_text(item, "properties")
        for item in reading.as_list(body.get("properties") or [], "properties")
    ]
    found = {id: _find(portal, kind, name, id) for id in dict.fromkeys(item.id for item in batch)}
    results = [views.record(record, wanted) for record in found.values() if record]
    missing = [id for id, record in found.items() if record is None]
    answer = batches.envelope(portal, portal.now(), results, [])
    return _with_missing(answer, kind, missing) if missing else answer


def archive(portal: Portal, request: Request) -> Answer:
    """Archive records: 204, also for unknown ids."""
    kind = Kind.named(request.params["kind"])
    for item in batches.read(request, "id"):
        record = portal.store.get(kind, item.id)
        if record is not None:
            records.archive(portal, record)
    return Answer(204)


def _find(portal: Portal, kind: Kind, name: str | None, value: str) -> Record | None:
    if name is None:
        return portal.store.get(kind, value)
    check_identifies(portal, kind, name)
    return portal.store.owner(kind, name, value)


def _with_missing(answer: Answer, kind: Kind, ids: list[str]) -> Answer:
    error = batches.missing(kind.singular.upper(), ids).batch_error({})
    body = answer.body if isinstance(answer.body, dict) else {}
    return replace(answer, status=207, body=body | {"numErrors": 1, "errors": [error]})


def _each_record_once(write: Callable[[Input], Written]) -> Callable[[Input], Written]:
    """Refuse two addresses of one contact, which pass the check for duplicates; HubSpot's way is unknown."""
    seen: set[str] = set()

    def once(item: Input) -> Written:
        written = write(item)
        if written.record.id in seen:
            raise Refusal(
                409, "Two inputs name one record", category="CONFLICT", conflict=True, invented=True
            )
        seen.add(written.record.id)
        return written

    return once
