"""How long things take: histograms that all processes add to in Redis, for /metrics and the doctor.

A process counts in its memory and adds to Redis every few seconds: a request costs no round trip. What it has
not added yet is lost when it is killed; what Redis held is lost with Redis, which Prometheus takes for a
restart.
"""

import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings

from web.redis import REQUEST_SECONDS, QuickRedis

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; 0.5 and 1 are thresholds
BUCKET_NAMES = (*map(str, BUCKETS), "inf")
FLUSH_SECONDS = 5.0
RECENT_MINUTES = 5
TOTAL, MINUTE = "timings", "timings:{}"

Counts = Counter[str]  # of "name|label|bucket", where a bucket is "0.5", "inf", "sum" or "count"


class Timings:
    """The counts of this process, not yet added."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._counts: Counts = Counter()
        self._flushed = self._clock()
        self._process = os.getpid()

    def observe(self, name: str, label: str, seconds: float) -> None:
        """Count one duration under a name and a label of a few values."""
        counted = f"{name}|{label}|"
        with self._lock:
            if self._process != os.getpid():  # forked: the parent counts its own
                self._forget()
            self._counts[counted + BUCKET_NAMES[bisect_left(BUCKETS, seconds)]] += 1
            self._counts[counted + "count"] += 1
            self._counts[counted + "sum"] += int(seconds * 1_000_000)

    def flush(self, *, at_once: bool = False) -> None:
        """Add the counts to Redis, at most every FLUSH_SECONDS; without Redis they wait."""
        with self._lock:
            if not self._counts or (not at_once and self._clock() - self._flushed < FLUSH_SECONDS):
                return
            counts, self._flushed = self._counts, self._clock()
            self._counts = Counter()
        if add(counts) is None:
            with self._lock:
                self._counts.update(counts)


def add(counts: Counts) -> Any:
    """One round trip; None if Redis is unavailable."""
    minute = MINUTE.format(int(time.time() // 60))

    def send() -> bool:
        with redis().client.pipeline(transaction=False) as pipe:
            for name, count in counts.items():
                pipe.hincrby(TOTAL, name, count)
                pipe.hincrby(minute, name, count)
            pipe.expire(minute, (RECENT_MINUTES + 2) * 60)
            pipe.execute()
        return True

    return redis().ask(send)


@lru_cache(maxsize=1)
def redis() -> QuickRedis:
    return QuickRedis(settings.RATE_LIMIT_REDIS_URL, timeout=REQUEST_SECONDS)


def all_counts() -> Counts | None:
    """Since Redis was emptied; None if it is unavailable."""
    return counts_in(TOTAL)


def recent_counts() -> Counts | None:
    """Of the last five minutes and the present one; None if Redis is unavailable."""
    now = int(time.time() // 60)
    found: Counts = Counter()
    for minute in range(now - RECENT_MINUTES, now + 1):
        counts = counts_in(MINUTE.format(minute))
        if counts is None:
            return None
        found.update(counts)
    return found


def counts_in(key: str) -> Counts | None:
    values: Any = redis().ask(lambda: redis().client.hgetall(key))
    return None if values is None else Counter({name: int(count) for name, count in values.items()})


def quantile(counts: Counts, name: str, share: float) -> float | None:
    """The upper limit of the bucket that holds this share of the durations, in seconds; None without any."""
    by_bucket = [sum_of(counts, name, str(limit)) for limit in BUCKETS]
    total = sum_of(counts, name, "count")
    if not total:
        return None
    seen = 0
    for limit, count in zip(BUCKETS, by_bucket, strict=True):
        seen += count
        if seen >= share * total:
            return limit
    return BUCKETS[-1]


def sum_of(counts: Counts, name: str, part: str, label: str = "") -> int:
    """Of all labels, or of those that end with `label`."""
    begin, end = f"{name}|", f"{label}|{part}"
    return sum(count for key, count in counts.items() if key.startswith(begin) and key.endswith(end))


timings = Timings()
