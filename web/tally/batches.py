"""The side of the job: take the counts of a tally out of Redis. All methods raise RedisError."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from redis import Redis

from web.redis import WORKER_SECONDS

TAKE, DROP = (Path(__file__).with_name(f"{name}.lua").read_text() for name in ("take", "drop"))


@dataclass(frozen=True, slots=True)
class Batch:
    """`id` is stored with the counts, so that none is stored twice."""

    id: UUID
    counts: Mapping[str, int]


class TallyBatches:
    def __init__(self, url: str, name: str) -> None:
        self._client = Redis.from_url(url, decode_responses=True, socket_timeout=WORKER_SECONDS)
        self._take, self._drop = (self._client.register_script(text) for text in (TAKE, DROP))
        self._now, self._taken = name, f"{name}:batch"

    def take(self) -> Batch | None:
        """The batch that was not dropped yet, or a new one; None if nothing was counted."""
        found = self._take(keys=[self._now, self._taken], args=[str(uuid4())])
        fields = dict(zip(found[::2], found[1::2], strict=True))
        if not fields:
            return None
        batch_id = UUID(fields.pop("batch"))
        return Batch(batch_id, {name: int(count) for name, count in fields.items()})

    def drop(self, batch: Batch) -> None:
        """Delete the batch, unless another is there."""
        self._drop(keys=[self._taken], args=[str(batch.id)])
