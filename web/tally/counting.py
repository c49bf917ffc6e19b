"""The side of the requests: add to the counts of a tally in Redis."""

from pathlib import Path

from web.redis import REQUEST_SECONDS, QuickRedis, QuickScript

COUNT = Path(__file__).with_name("count.lua").read_text()


class Tally:
    def __init__(self, url: str, name: str) -> None:
        self._redis = QuickRedis(url, timeout=REQUEST_SECONDS)
        self._count = QuickScript(self._redis.client, COUNT)
        self.name = name

    def count(self, field: str, *, otherwise: str, most: int) -> None:
        """Count one; `otherwise` is counted once there are `most` fields. Lost while Redis is unavailable."""
        self._redis.ask(lambda: self._count([self.name], [field, otherwise, most]))
