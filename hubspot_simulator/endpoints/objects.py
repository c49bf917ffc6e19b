"""Single records: list, read, create, update, archive, erase."""

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record, addresses
from hubspot_simulator.rules import linking, merging, records, views
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import not_found, validation
from hubspot_simulator.wire.messages import Answer, Json, Request

PAGE_LIMIT = 100


def page(portal: Portal, request: Request) -> Answer:
    """List records by id, `limit` at a time; `paging.next.after` is present until the last page."""
    limit = _limit(request)
    archived, after = request.flag("archived"), request.first("after")
    table = portal.store.records[Kind.named(request.params["kind"])]
    found = sorted(
        (record for record in table.values() if record.live != archived), key=lambda record: int(record.id)
    )
    if after is not None:
        if not after.isdecimal():
            raise validation(f"after has an invalid value: {after[:20]}", invented=True)
        found = [record for record in found if int(record.id) > int(after)]
    body: Json = {"results": [_shown(portal, request, record) for record in found[:limit]]}
    if len(found) > limit:
        last = found[limit - 1].id
        body["paging"] = {"next": {"after": last, "link": f"{request.path}?after={last}&limit={limit}"}}
    return Answer(200, body)


def read(portal: Portal, request: Request) -> Answer:
    return Answer(200, _shown(portal, request, _named(portal, request)))


def create(portal: Portal, request: Request) -> Answer:
    kind, body = Kind.named(request.params["kind"]), reading.body(request)
    sent = reading.as_texts(body.get("properties", {}), "properties")
    written = records.create(portal, kind, sent, version=request.version)
    linking.connect_new(
        portal, written.record, reading.as_list(body.get("associations") or [], "associations")
    )
    return Answer(201, written.view())


def update(portal: Portal, request: Request) -> Answer:
    sent = reading.as_texts(reading.body(request).get("properties"), "properties")
    return Answer(200, records.update(portal, _named(portal, request), sent, version=request.version).view())


def archive(portal: Portal, request: Request) -> Answer:
    """Archive a record: 204 whether or not it exists."""
    record = portal.store.get(Kind.named(request.params["kind"]), request.params["id"])
    if record is not None:
        records.archive(portal, record)
    return Answer(204)


def merge(portal: Portal, request: Request) -> Answer:
    kind, body = Kind.named(request.params["kind"]), reading.body(request)
    ids = [reading.as_text(body.get(name), name) for name in ("primaryObjectId", "objectIdToMerge")]
    primary, other = (portal.store.get(kind, id) for id in ids)
    if primary is None or other is None:
        raise not_found()
    return Answer(200, views.record(merging.merge(portal, primary, other)))


def gdpr_delete(portal: Portal, request: Request) -> Answer:
    """Erase a record permanently and block its addresses. An unknown address is blocked, too."""
    kind, body = Kind.named(request.params["kind"]), reading.body(request)
    if kind is not Kind.CONTACT and request.version != "2026-09":
        raise not_found()
    value = reading.as_text(body.get("objectId"), "objectId")
    if body.get("idProperty") == "email":
        record = portal.store.owner(kind, "email", value)
        portal.store.block(value)
    else:
        record = portal.store.get(kind, value) or portal.store.archived(kind, value)
        if record is None:
            raise not_found()
    if record is not None:
        for address in addresses(record):
            portal.store.block(address)
        portal.store.remove(record)
    return Answer(204)


def _named(portal: Portal, request: Request) -> Record:
    """The record in the path, by its id or by the value of `idProperty`. Raises Refusal 404."""
    kind, value = Kind.named(request.params["kind"]), request.params["id"]
    name = request.first("idProperty")
    if request.flag("archived"):
        record = portal.store.archived(kind, value)
    elif name is None or name == "hs_object_id":
        record = portal.store.get(kind, value)
    else:
        check_identifies(portal, kind, name)
        record = portal.store.owner(kind, name, value)
    if record is None:
        raise not_found()
    return record


def check_identifies(portal: Portal, kind: Kind, name: str) -> None:
    """Raises Refusal 400 unless this property can identify records."""
    if not portal.schemas[kind].identifies(name):
        raise validation(f"Unable to perform update/upsert by non-unique {kind.code} property {name}")


def _shown(portal: Portal, request: Request, record: Record) -> Json:
    body = views.record(record, request.names("properties"))
    target = linking.other(record.kind)
    if any(Kind.named(name) is target for name in request.names("associations")):
        ids = linking.linked(portal, record)
        label = f"{record.kind.singular}_to_{target.singular}"
        if ids:
            body["associations"] = {target.value: {"results": [{"id": id, "type": label} for id in ids]}}
    return body


def _limit(request: Request) -> int:
    text = request.first("limit") or "10"
    if not text.isdecimal() or not 1 <= int(text[:9]) <= PAGE_LIMIT:
        raise validation(f"limit must be between 1 and {PAGE_LIMIT}", invented=True)
    return int(text)
