"""Counts that requests add to in Redis, and that a job takes out in batches.

A batch stays until it is dropped and has an id, so a job that was killed finds it again, and whoever stores
the ids with the counts counts each batch once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from redis import Redis

from web.redis import REQUEST_SECONDS, WORKER_SECONDS, QuickRedis, QuickScript

COUNT, TAKE, DROP = (
    Path(__file__).with_name(f"tally_{name}.lua").read_text() for name in ("count", "take", "drop")
)


@dataclass(frozen=True, slots=True)
class Batch:
    id: UUID
    counts: Mapping[str, int]


class Tally:
    """The side of the requests."""

    def __init__(self, url: str, name: str) -> None:
        self._redis = QuickRedis(url, timeout=REQUEST_SECONDS)
        self._count = QuickScript(self._redis.client, COUNT)
        self.name = name

    def count(self, field: str, *, otherwise: str, most: int) -> None:
        """Count one; `otherwise` is counted once there are `most` fields. Lost while Redis is unavailable."""
        self._redis.ask(lambda: self._count([self.name], [field, otherwise, most]))


class TallyBatches:
    """The side of the job. All methods raise RedisError."""

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
