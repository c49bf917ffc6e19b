"""Bisect a batch that HubSpot rejected as a whole until the bad input is isolated."""

from collections.abc import Callable, Iterator, Sequence

from hubspot_sync.http.client import BatchInput
from hubspot_sync.http.errors import Rejected
from hubspot_sync.http.responses import BatchOutcome

Inputs = Sequence[BatchInput]
Send = Callable[[str, Inputs], BatchOutcome]


def send_bisecting(send: Send, kind: str, inputs: Inputs) -> Iterator[tuple[Inputs, BatchOutcome]]:
    """Yield the outcome of each part: one bad input in a hundred costs about 14 calls instead of 100."""
    if not inputs:
        return
    try:
        yield inputs, send(kind, inputs)
    except Rejected as error:
        if len(inputs) == 1:
            yield inputs, BatchOutcome({}, {inputs[0].trace: error.cause})
            return
        half = len(inputs) // 2
        yield from send_bisecting(send, kind, inputs[:half])
        yield from send_bisecting(send, kind, inputs[half:])
