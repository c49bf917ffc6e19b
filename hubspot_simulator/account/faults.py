"""Fault injection: failures before, after or in the middle of a write, and lost answers.

To the client, a failure before the write and one after it look the same, and a sync has to survive both.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Literal, get_args

from hubspot_simulator.wire import errors
from hubspot_simulator.wire.errors import Refusal
from hubspot_simulator.wire.messages import Answer, Delivery, Json, Request

Effect = Literal["status", "foreign", "reset", "hang", "slow", "truncated", "silent"]
Moment = Literal["before", "after", "partial"]

FROM_PROXIES = {
    502: "Bad Gateway",
    504: "Gateway Time-out",
    520: "Web server is returning an unknown error",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault and the calls that it affects.

    `route` is a pattern over the kinds of the log, such as `POST objects/contacts/batch/*`. Of the matching
    calls, the first `skip` pass, then each `every`-th fails with `probability`, at most `times` times.
    `moment` says what is written before the answer fails: nothing, all, or the first `inputs` of the batch.
    `slow`, `truncated` and `silent` always serve the call; `silent` omits the last `inputs` from the answer,
    and with the moment `before` from the store too. `seconds` is the duration of a hang or a slow body, or
    the Retry-After of a 477. `foreign` answers with `status` and `body`, like a proxy in between.
    """

    effect: Effect
    route: str = "*"
    moment: Moment = "before"
    status: int = 503
    seconds: float = 60.0
    inputs: int = 1
    skip: int = 0
    every: int = 1
    times: int | None = None
    probability: float = 1.0
    body: str = ""

    def __post_init__(self) -> None:
        if self.effect not in get_args(Effect) or self.moment not in get_args(Moment) or self.every < 1:
            raise ValueError("effect, moment or every is not one that a fault can have")


@dataclass
class Planned:
    fault: Fault
    seen: int = 0
    struck: int = 0

    def strikes(self, kind: str, random: Random) -> bool:
        fault = self.fault
        if not fnmatchcase(kind, fault.route) or (fault.times is not None and self.struck >= fault.times):
            return False
        self.seen += 1
        due = self.seen > fault.skip and (self.seen - fault.skip - 1) % fault.every == 0
        strikes = due and random.random() < fault.probability
        self.struck += strikes
        return strikes


@dataclass
class Faults:
    planned: list[Planned] = field(default_factory=list)

    def plan(self, fault: Fault) -> None:
        self.planned.append(Planned(fault))

    def strike(self, kind: str, random: Random) -> Fault | None:
        """The first planned fault that applies to this call."""
        return next((plan.fault for plan in self.planned if plan.strikes(kind, random)), None)


def undergo(fault: Fault, request: Request, serve: Callable[[Request], Answer]) -> Answer:
    """The answer to an affected call; `serve` writes and commits. Raises Refusal for a JSON failure."""
    if fault.effect == "silent":
        return _silent(fault, request, serve)
    if fault.effect in ("slow", "truncated"):
        return replace(serve(request), delivery=Delivery(fault.effect, fault.seconds))
    if fault.moment != "before":
        with suppress(Refusal):
            serve(request if fault.moment == "after" else _cut(request, fault.inputs))
    if fault.effect == "foreign":
        return Answer(fault.status, fault.body)
    if fault.effect != "status":
        return Answer(0, delivery=Delivery(fault.effect, fault.seconds))
    if fault.status in FROM_PROXIES:
        return _proxy_page(fault.status)
    raise errors.failure(fault.status, round(fault.seconds))


def _silent(fault: Fault, request: Request, serve: Callable[[Request], Answer]) -> Answer:
    if fault.moment == "before":
        return serve(_cut(request, -fault.inputs))
    answer = serve(request)
    body = answer.body if isinstance(answer.body, dict) else {}
    results = body.get("results")
    return replace(
        answer, body=body | {"results": results[: -fault.inputs] if isinstance(results, list) else []}
    )


def _cut(request: Request, end: int) -> Request:
    """The request with its inputs up to `end`; a request without a batch is unchanged."""
    with suppress(ValueError, KeyError, TypeError):
        body: Json = json.loads(request.body)
        inputs = body["inputs"]
        if isinstance(inputs, list):
            return replace(request, body=json.dumps(body | {"inputs": inputs[:end]}).encode())
    return request


def _proxy_page(status: int) -> Answer:
    title = f"{status} {FROM_PROXIES[status]}"
    head = f"<head><title>{title}</title></head>"
    return Answer(status, f"<html>{head}<body><center><h1>{title}</h1></center></body></html>")
