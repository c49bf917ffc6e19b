"""The simulator's own pages, for tests and for whoever watches: state, log, reset. They need no token."""

from . import page, records, saving
from .errors import not_found, wrong_method
from .kinds import Kind
from .messages import Answer, Json, Request
from .portal import Portal
from .store import Record

LATEST = 50
PREFIX = "/_simulator/"


def serves(path: str) -> bool:
    return path == "/" or path.startswith(PREFIX)


def answer(portal: Portal, request: Request) -> Answer:
    """Raises Refusal 404 or 405."""
    known = {
        "/": ("GET", _page),
        f"{PREFIX}state": ("GET", _state),
        f"{PREFIX}log": ("GET", _log),
        f"{PREFIX}reset": ("POST", _reset),
    }
    if request.path not in known:
        raise not_found()
    method, act = known[request.path]
    if request.method != method:
        raise wrong_method()
    return act(portal)


def _page(portal: Portal) -> Answer:
    return Answer(200, page.render(portal.store, portal.calls.latest(LATEST)))


def _state(portal: Portal) -> Answer:
    """All live records with all their properties, the links, and the names of custom properties."""
    store = portal.store
    body: Json = {
        "contacts": [_record(record) for record in store.contacts()],
        "deals": [_record(record) for record in store.deals()],
        "associations": [{"deal": deal, "contact": contact} for deal, contact in store.live_links()],
        "properties": {kind: [found.name for found in portal.schemas[kind].custom()] for kind in Kind},
        "pipelines": {id: [stage.id for stage in found.stages] for id, found in portal.pipelines.items()},
    }
    return Answer(200, body)


def _record(record: Record) -> Json:
    return records.view(record, list(record.properties))


def _log(portal: Portal) -> Answer:
    requests = [call.view() for call in portal.calls.kept]
    return Answer(200, {"requests": requests, "largestWindows": portal.calls.largest_windows()})


def _reset(portal: Portal) -> Answer:
    portal.reset()
    saving.save(portal)
    return Answer(204)
