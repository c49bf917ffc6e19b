"""The simulator's control endpoints, for tests and for development. They need no token.

Under `/_simulator/`: `state` and `log` report, `reset` creates a new account, `empty` deletes its records,
`restore` restores an archived record, and `faults` plans and clears faults; `switches`, `clock` and `access`
change the behaviour of the account, its time, and the scopes of the token.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import TypeVar
from urllib.parse import parse_qsl

from hubspot_simulator.account import saving
from hubspot_simulator.account.faults import Fault
from hubspot_simulator.account.kinds import Kind
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.store import Record
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.http import page
from hubspot_simulator.rules import duplicates, records, views
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, not_found, wrong_method
from hubspot_simulator.wire.messages import Answer, Json, Request

PREFIX = "/_simulator/"
LATEST = 50
FORM = "application/x-www-form-urlencoded"

Filled = TypeVar("Filled", Fault, Switches)


def serves(path: str) -> bool:
    return path == "/" or path.startswith(PREFIX)


def answer(portal: Portal, request: Request) -> Answer:
    """Answer a control request. Raises Refusal 400, 403, 404 or 405."""
    methods = ROUTES.get(request.path)
    if methods is None:
        raise not_found()
    if request.method not in methods:
        raise wrong_method()
    if request.method != "GET":
        _refuse_strangers(request)
    reply = methods[request.method](portal, request)
    return Answer(303, headers={"Location": "/"}) if _is_form(request) else reply


def _page(portal: Portal, _request: Request) -> Answer:
    return Answer(200, page.render(portal, portal.calls.latest(LATEST)))


def _state(portal: Portal, _request: Request) -> Answer:
    """Live records with all properties, associations, blocked addresses, and definitions made by the API."""
    store = portal.store
    body: Json = {
        "contacts": [_record(record) for record in store.contacts()],
        "deals": [_record(record) for record in store.deals()],
        "associations": [{"deal": deal, "contact": contact} for deal, contact in store.live_links()],
        "duplicates": [{"property": name, "records": ids} for name, ids in duplicates.find(portal)],
        "blocked": sorted(store.blocked),
        "properties": {kind: [found.name for found in portal.schemas[kind].custom()] for kind in Kind},
        "pipelines": {id: [stage.id for stage in found.stages] for id, found in portal.pipelines.items()},
    }
    return Answer(200, body)


def _record(record: Record) -> Json:
    return views.record(record, list(record.properties))


def _log(portal: Portal, _request: Request) -> Answer:
    calls = portal.calls
    requests = [call.view() for call in calls.kept]
    windows = calls.largest_windows(portal.switches)
    return Answer(200, {"requests": requests, "largestWindows": windows, "kinds": calls.by_kind()})


def _reset(portal: Portal, _request: Request) -> Answer:
    portal.reset()
    saving.save(portal)
    return Answer(204)


def _empty(portal: Portal, _request: Request) -> Answer:
    portal.empty()
    saving.save(portal)
    return Answer(204)


def _restore(portal: Portal, request: Request) -> Answer:
    """`{"kind": "contacts", "id": "..."}`: restore an archived record, like "Restore" in HubSpot."""
    body = _body(request)
    kind = Kind.named(reading.as_text(body.get("kind"), "kind"))
    record = portal.store.archived(kind, reading.as_text(body.get("id"), "id"))
    if record is None:
        raise not_found()
    with portal.store.transaction():
        records.restore(portal, record)
        saving.save(portal)
    return Answer(204)


def _faults(portal: Portal, _request: Request) -> Answer:
    planned = [
        asdict(plan.fault) | {"seen": plan.seen, "struck": plan.struck} for plan in portal.faults.planned
    ]
    return Answer(200, {"results": planned})


def _plan(portal: Portal, request: Request) -> Answer:
    portal.faults.plan(_filled(Fault("status"), _body(request)))
    return Answer(204)


def _clear(portal: Portal, _request: Request) -> Answer:
    portal.faults.planned.clear()
    return Answer(204)


def _switches(portal: Portal, _request: Request) -> Answer:
    return Answer(200, asdict(portal.switches))


def _switch(portal: Portal, request: Request) -> Answer:
    portal.switches = _filled(portal.switches, _body(request))
    return Answer(204)


def _clock(portal: Portal, request: Request) -> Answer:
    """`{"forward": seconds}`: advance the clock of windows, delays and the daily limit."""
    seconds = _body(request).get("forward")
    if not isinstance(seconds, int | float) or not 0 <= seconds < 10**9:
        raise Refusal(400, "forward is a number of seconds")
    portal.ahead += timedelta(seconds=seconds)
    return Answer(204)


def _access(portal: Portal, request: Request) -> Answer:
    """`{"token": "..."}` replaces the token, `{"scopes": [...]}` its scopes."""
    body = _body(request)
    portal.token = reading.as_text(body.get("token", portal.token), "token")
    scopes = reading.as_list(body.get("scopes", list(portal.scopes)), "scopes")
    portal.scopes = {reading.as_text(scope, "scopes") for scope in scopes}
    return Answer(204)


Act = Callable[[Portal, Request], Answer]
ROUTES: dict[str, dict[str, Act]] = {
    "/": {"GET": _page},
    f"{PREFIX}state": {"GET": _state},
    f"{PREFIX}log": {"GET": _log},
    f"{PREFIX}reset": {"POST": _reset},
    f"{PREFIX}empty": {"POST": _empty},
    f"{PREFIX}restore": {"POST": _restore},
    f"{PREFIX}faults": {"GET": _faults, "POST": _plan, "DELETE": _clear},
    f"{PREFIX}faults/clear": {"POST": _clear},  # for the page: a form cannot send DELETE
    f"{PREFIX}switches": {"GET": _switches, "POST": _switch},
    f"{PREFIX}clock": {"POST": _clock},
    f"{PREFIX}access": {"POST": _access},
}


def _refuse_strangers(request: Request) -> None:
    """Refuse cross-site requests from a page in the same browser."""
    origin = request.headers.get("origin")
    if origin is not None and origin != f"http://{request.headers.get('host')}":
        raise Refusal(403, "Only the simulator's own page can do this")


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith(FORM)


def _body(request: Request) -> Json:
    if not _is_form(request):
        return reading.body(request)
    pairs = parse_qsl(request.body.decode("ascii", "replace"))
    return {name: int(text) if text.isdecimal() else text for name, text in pairs}


def _filled(base: Filled, body: Json) -> Filled:
    """A copy with the fields of the body. Raises Refusal 400 for an unknown field or a wrong type."""
    held = asdict(base)
    for name, value in body.items():
        if name not in held or not _alike(value, held[name]):
            raise Refusal(400, f"{name} is not known, or not of this type")
    try:
        return type(base)(**(held | body))
    except ValueError as error:
        raise Refusal(400, str(error)) from None


def _alike(value: object, example: object) -> bool:
    if isinstance(example, bool) or isinstance(value, bool):
        return type(value) is type(example)
    return isinstance(value, str) if isinstance(example, str) else isinstance(value, int | float)
