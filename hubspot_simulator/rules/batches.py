"""What all batches share: inputs, envelope, and whether one bad input fails the rest.

Without a unique `objectWriteTraceId` on every input the first error fails the whole batch and nothing is
written. With them the good inputs are written and each error is listed, with status 207.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.values import instant
from hubspot_simulator.rules.records import Written
from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, validation
from hubspot_simulator.wire.messages import Answer, Json, Request

LIMIT = 100


@dataclass(frozen=True, slots=True)
class Input:
    id: str
    id_property: str | None
    trace: str | None
    properties: dict[str, str]
    associations: list[object]

    @property
    def folded(self) -> str:
        return self.id.lower() if self.id_property == "email" else self.id


@dataclass(frozen=True, slots=True)
class Batch:
    inputs: tuple[Input, ...]
    traced: bool

    def __iter__(self) -> Iterator[Input]:
        return iter(self.inputs)


def read(request: Request, *required: str, limit: int = LIMIT) -> Batch:
    """The batch in the body; `required` names the fields of each input. A body without inputs is empty."""
    raw = reading.as_list(reading.body(request).get("inputs") or [], "inputs")
    if len(raw) > limit:
        raise validation(f"The maximum number of inputs is {limit}, there were {len(raw)}", invented=True)
    inputs = tuple(
        _input(reading.as_object(item, f"inputs[{at}]"), required, at) for at, item in enumerate(raw)
    )
    traces = {item.trace for item in inputs if item.trace}
    return Batch(inputs, traced=len(traces) == len(inputs))


def refuse_duplicates(batch: Batch) -> None:
    """Raises Refusal 400 for the whole batch when two inputs name one record, trace ids or not."""
    seen: set[tuple[str | None, str]] = set()
    for item in batch:
        if (item.id_property, item.folded) in seen:
            message = f"Duplicate IDs found in batch input: [{item.id}]. IDs must be unique"
            raise validation(message, context={"ids": [item.id]})
        seen.add((item.id_property, item.folded))


def run(
    portal: Portal,
    batch: Batch,
    write: Callable[[Input], Written],
    *,
    status: int,
    conflict_fails_all: bool = False,
) -> Answer:
    """Process each input and answer `status`, or 207 with errors. Raises what fails the whole batch."""
    started, results, failures = portal.now(), list[Json](), list[Json]()
    for item in batch:
        try:
            with portal.store.transaction():
                written = write(item)
        except Refusal as refusal:
            if conflict_fails_all and refusal.conflict:
                raise refusal.for_all() from None
            if not batch.traced:
                raise
            failures.append(refusal.batch_error({"objectWriteTraceId": [item.trace or ""]}))
        else:
            results.append(written.view() | ({"objectWriteTraceId": item.trace} if item.trace else {}))
    return envelope(portal, started, results, failures, status=status)


def envelope(
    portal: Portal, started: datetime, results: list[Json], failures: list[Json], *, status: int = 200
) -> Answer:
    """The answer to a batch, its results in another order than the inputs. `failures` make it a 207."""
    body: Json = {
        "status": "COMPLETE",
        "results": disordered(portal, results),
        "startedAt": instant(started),
        "completedAt": instant(portal.now()),
    }
    if failures:
        body |= {"numErrors": len(failures), "errors": failures}
    return Answer(207 if failures else status, body)


def missing(kind: str, ids: Iterable[str]) -> Refusal:
    return Refusal(
        404,
        f"Could not get some {kind} objects, they may be deleted or not exist. Check that ids are valid.",
        category="OBJECT_NOT_FOUND",
        context={"ids": list(ids)},
    )


def disordered(portal: Portal, results: list[Json]) -> list[Json]:
    mixed = list(results)
    portal.random.shuffle(mixed)
    return mixed[::-1] if mixed == results else mixed


def _input(item: Json, required: tuple[str, ...], at: int) -> Input:
    return Input(
        id=reading.as_text(item.get("id", None if "id" in required else ""), f"inputs[{at}].id"),
        id_property=reading.as_optional_text(item.get("idProperty"), f"inputs[{at}].idProperty"),
        trace=reading.as_optional_text(item.get("objectWriteTraceId"), f"inputs[{at}].objectWriteTraceId"),
        properties=reading.as_texts(
            item.get("properties", None if "properties" in required else {}), f"inputs[{at}].properties"
        ),
        associations=reading.as_list(item.get("associations") or [], f"inputs[{at}].associations"),
    )
