"""Process one call: authentication, rate limit, endpoint and log entry."""

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import PurePath

from hubspot_simulator.account import faults, saving
from hubspot_simulator.account.calls import Call, safe_path
from hubspot_simulator.account.limits import bucket
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.http import control, routes
from hubspot_simulator.http.routes import Route
from hubspot_simulator.wire.errors import Refusal, missing_scopes, unauthenticated
from hubspot_simulator.wire.messages import Answer, Request

LONGEST_PATH = 16_000


def answer(portal: Portal, request: Request) -> Answer:
    """Answer a call. Never raises: an internal error is a 500 and one line on stderr."""
    with portal.lock:
        try:
            if control.serves(request.path):
                return control.answer(portal, request)
            return _hubspot(portal, request)
        except Refusal as refusal:
            return refusal.answer(portal.correlation_id())
        except Exception as error:
            _complain(error)
            return Refusal(500, "internal error", invented=True).answer(portal.correlation_id())


def _hubspot(portal: Portal, request: Request) -> Answer:
    call = Call(
        portal.now(),
        request.method,
        safe_path(request.path),
        bucket=bucket(request.path),
        inputs=_inputs(request),
    )
    headers = {"X-HubSpot-Correlation-Id": portal.correlation_id()}
    try:
        _authenticate(portal, request)
        headers |= portal.limits.admit(call.bucket, call.at, portal.switches)
        route, request = routes.find(request)
        call = replace(call, kind=routes.label(route, request))
        _authorise(portal, routes.required_scopes(route, request))
        fault = portal.faults.strike(call.kind, portal.random)
        call = replace(call, fault=fault.effect if fault else "")
        serve = partial(_serve, portal, route)
        reply = faults.undergo(fault, request, serve) if fault else serve(request)
    except Refusal as refusal:
        reply = refusal.answer(headers["X-HubSpot-Correlation-Id"])
    portal.calls.add(replace(call, status=reply.status))
    if isinstance(reply.body, str):
        return reply  # a proxy's page has no rate-limit or correlation headers
    return replace(reply, headers=headers | dict(reply.headers))


def _serve(portal: Portal, route: Route, request: Request) -> Answer:
    with portal.store.transaction():
        reply = route.handler(portal, request)
        if request.method != "GET":
            saving.save(portal)
    return reply


def _authenticate(portal: Portal, request: Request) -> None:
    if len(request.path) > LONGEST_PATH:
        raise Refusal(414, "URI too long", invented=True)
    if request.headers.get("authorization") != f"Bearer {portal.token}":
        raise unauthenticated()


def _authorise(portal: Portal, scopes: list[str]) -> None:
    lacking = [scope for scope in scopes if scope not in portal.scopes]
    if lacking:
        raise missing_scopes(lacking)


def _inputs(request: Request) -> int:
    """The number of inputs of a batch; 1 for another write, 0 for a read."""
    try:
        body = json.loads(request.body)
        return len(body["inputs"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return 0 if request.method == "GET" else 1


def _complain(error: Exception) -> None:
    """Log the location of an error without any values."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{PurePath(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "?"
    print(f"HubSpot simulator: {type(error).__name__} at {place}", file=sys.stderr, flush=True)
