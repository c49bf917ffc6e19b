"""Associations, as served by v4 and the dated versions."""

from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Link, Record
from hubspot_simulator.rules import batches, linking
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, not_found, validation
from hubspot_simulator.wire.messages import Answer, Json, Request

PAIRS = 2000
READS = 1000


def connect(portal: Portal, request: Request) -> Answer:
    """Create the default association. Idempotent."""
    kind, link = _link(portal, request)
    portal.store.link(link)
    return batches.envelope(portal, portal.now(), linking.directed(kind, *_ordered(kind, link)), [])


def connect_typed(portal: Portal, request: Request) -> Answer:
    kind, link = _link(portal, request)
    linking.check_types(kind, linking.other(kind), reading.items(request))
    portal.store.link(link)
    source, target = _ordered(kind, link)
    return Answer(
        201,
        {
            "fromObjectTypeId": kind.code,
            "fromObjectId": int(source),
            "toObjectTypeId": linking.other(kind).code,
            "toObjectId": int(target),
            "labels": [],
        },
    )


def disconnect(portal: Portal, request: Request) -> Answer:
    kind, _ = _kinds(request)
    portal.store.unlink(linking.pair(kind, request.params["id"], request.params["to_id"]))
    return Answer(204)


def read(portal: Portal, request: Request) -> Answer:
    kind, _ = _kinds(request)
    record = portal.store.get(kind, request.params["id"])
    if record is None:
        raise not_found()
    return Answer(200, {"results": _targets(portal, record)})


def batch_connect(portal: Portal, request: Request) -> Answer:
    """Create default associations by pairs; a pair with a missing record fails, the others are created."""
    return _connect_all(portal, request, typed=False)


def batch_connect_typed(portal: Portal, request: Request) -> Answer:
    """The same with `types` in each input; answers 201."""
    return _connect_all(portal, request, typed=True)


def batch_archive(portal: Portal, request: Request) -> Answer:
    """Remove associations: 204; the dated versions answer 200."""
    kind, _ = _kinds(request)
    for source, target in [pair for item in _inputs(request) for pair in _pairs(item)]:
        portal.store.unlink(linking.pair(kind, source, target))
    if request.version == "v4":
        return Answer(204)
    return batches.envelope(portal, portal.now(), [], [])


def batch_read(portal: Portal, request: Request) -> Answer:
    kind, target = _kinds(request)
    started, results, failures = portal.now(), list[Json](), list[Json]()
    for item in batches.read(request, "id", limit=READS):
        record = portal.store.get(kind, item.id)
        targets = _targets(portal, record) if record else []
        if targets:
            results.append({"from": {"id": item.id}, "to": targets})
        else:
            failures.append(_none(kind, target, item.id))
    return batches.envelope(portal, started, results, failures)


def _connect_all(portal: Portal, request: Request, *, typed: bool) -> Answer:
    kind, target = _kinds(request)
    started, results, failures = portal.now(), list[Json](), list[Json]()
    wanted = [(item, pair) for item in _inputs(request) for pair in _pairs(item)]
    for item, (source, end) in wanted:
        try:
            if typed:
                linking.check_types(kind, target, reading.as_list(item.get("types"), "types"))
            portal.store.link(linking.ends(portal, kind, source, end))
        except Refusal as refusal:
            failures.append(refusal.batch_error({}))
        else:
            results += linking.directed(kind, source, end)
    return batches.envelope(portal, started, results, failures, status=201 if typed else 200)


def _kinds(request: Request) -> tuple[Kind, Kind]:
    source, target = Kind.named(request.params["kind"]), Kind.named(request.params["to"])
    linking.type_id(source, target)
    return source, target


def _link(portal: Portal, request: Request) -> tuple[Kind, Link]:
    kind, _ = _kinds(request)
    return kind, linking.ends(portal, kind, request.params["id"], request.params["to_id"])


def _ordered(kind: Kind, link: Link) -> Link:
    return linking.pair(kind, *link)


def _targets(portal: Portal, record: Record) -> list[Json]:
    number = linking.type_id(record.kind, linking.other(record.kind))
    types = [{"category": linking.DEFINED, "typeId": number, "label": None}]
    return [{"toObjectId": int(id), "associationTypes": types} for id in linking.linked(portal, record)]


def _inputs(request: Request) -> list[Json]:
    raw = reading.as_list(reading.body(request).get("inputs") or [], "inputs")
    if len(raw) > PAIRS:
        raise validation(f"The maximum number of inputs is {PAIRS}", invented=True)
    return [reading.as_object(item, "inputs") for item in raw]


def _pairs(item: Json) -> list[Link]:
    """The pairs of one input: `to` is one record, or a list of them for an archive."""
    source = reading.as_text(reading.as_object(item.get("from"), "from").get("id"), "from.id")
    ends = item.get("to")
    targets = ends if isinstance(ends, list) else [ends]
    return [(source, reading.as_text(reading.as_object(end, "to").get("id"), "to.id")) for end in targets]


def _none(kind: Kind, target: Kind, id: str) -> Json:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
        "message": f"No {target.singular} is associated with {kind.singular} {id}.",
        "context": {
            "fromObjectId": [id],
            "fromObjectType": [kind.singular],
            "toObjectType": [target.singular],
        },
    }
