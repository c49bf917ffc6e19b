"""Health of Redis, the workers, the queues and beat."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min, QuerySet, Value
from django.db.models.functions import Now
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from monitoring.findings import Finding, Level, Threshold, measured, stated
from operations.doctor.watch import WORKERS
from operations.models import Heartbeat
from operations.schedule.defaults import MARK
from queues.declared import Queue, queues
from web.databases.unchanging import Unchanging
from web.formatting import time_ago

LATENCY = Threshold(100, 500, "ms")
MEMORY = Threshold(80, 90, "%")
HEARTBEAT = Threshold(180, 600, "s")
LAG = Threshold(300, 3600, "s")
TICK = Threshold(120, 600, "s")

NO_REDIS = "The form works on; leads reach HubSpot later, limits count in each process."


def redis() -> Iterator[Finding]:
    """Latency, memory and eviction of the Redis of REDIS_URL."""
    begun = time.perf_counter()
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0)
        ) as client:
            client.ping()
            latency = 1000 * (time.perf_counter() - begun)
            memory: Any = client.info("memory")
    except RedisError as error:
        yield stated(
            "Redis",
            "connection",
            Level.RED,
            type(error).__name__,
            threshold="red without an answer in 1 s",
            reason=f"Redis does not answer. {NO_REDIS}",
            fix="Start Redis, or see REDIS_URL. Nothing is lost: PostgreSQL has every row.",
        )
        return
    yield measured(
        "Redis",
        "latency",
        latency,
        LATENCY,
        reason=f"Redis answers slowly. {NO_REDIS}",
        fix="Look at the load and the swap of its machine.",
    )
    limit = memory.get("maxmemory") or 0
    yield measured(
        "Redis",
        "memory",
        100 * memory["used_memory"] / limit if limit else 0.0,
        MEMORY,
        words=f"{memory['used_memory'] / 1e6:.0f} MB of {limit / 1e6:.0f} MB" if limit else "no limit set",
        reason="Redis is nearly full: it will refuse to wake workers.",
        fix="Raise maxmemory; if workers stand still, start them.",
    )
    evicts = memory.get("maxmemory_policy", "noeviction") != "noeviction"
    yield stated(
        "Redis",
        "eviction",
        Level.AMBER if evicts else Level.GREEN,
        str(memory.get("maxmemory_policy", "unknown")),
        threshold="amber unless noeviction",
        reason="Redis may drop wake-ups and rate limits when it is full." if evicts else "",
        fix="Set maxmemory-policy noeviction." if evicts else "",
    )


AGE_OF_HEARTBEAT = Unchanging(
    lambda: Heartbeat.objects.filter(name=WORKERS).values_list(
        ExpressionWrapper(Now() - F("beat_at"), DurationField())
    )
)


def workers() -> Iterator[Finding]:
    """The age of the heartbeat that a scheduled task writes each minute."""
    found = AGE_OF_HEARTBEAT.rows()
    if not found:
        yield stated(
            "Workers",
            "heartbeat",
            Level.AMBER,
            "never",
            threshold=str(HEARTBEAT),
            reason="No worker has run a scheduled task yet.",
            fix="Start worker and beat (script/run worker, script/run beat), and look again in a minute.",
        )
        return
    ((age,),) = found
    yield measured(
        "Workers",
        "heartbeat",
        max(0.0, age.total_seconds()),
        HEARTBEAT,
        words=time_ago(age),
        reason="No worker runs tasks: leads and mails wait.",
        fix="See whether worker, beat and Redis run; restart the worker. Nothing is lost.",
    )


def queue_lags() -> Iterator[Finding]:
    """For each queue: how long the oldest due row has been due, and rows that need a person. One query."""
    lags, failed = dict.fromkeys((queue.name for queue in queues()), timedelta()), Counter[str]()
    for name, lag, need_a_person in LAGS_AND_FAILED.rows():
        lags[name] = lag or lags[name]
        failed[name] += need_a_person
    for queue in queues():
        yield lag_of(queue, lags[queue.name])
        yield failed_in(queue, failed[queue.name])


def lags_and_failed() -> QuerySet[Any, Any]:
    """(name, lag, 0) of each queue with due rows, and (name, None, rows that need a person)."""
    first, *others = (rows for queue in queues() for rows in (lag_in(queue), failures_in(queue)))
    found: QuerySet[Any, Any] = first.union(*others, all=True)
    return found


def lag_in(queue: Queue) -> Any:
    rows: Any = queue.rows
    names = {field.name for field in rows.model._meta.get_fields()}
    due = "next_try_at" if "next_try_at" in names else "next_retry_at"
    by_name = rows.due().order_by().values(queue=Value(queue.name))
    lag = ExpressionWrapper(Now() - Min(due), DurationField())
    return by_name.annotate(lag=lag, failed=Value(0)).values_list("queue", "lag", "failed")


def failures_in(queue: Queue) -> Any:
    by_name = queue.need_a_person.order_by().values(queue=Value(queue.name))
    no_lag = Value(None, DurationField())
    return by_name.annotate(lag=no_lag, failed=Count("pk")).values_list("queue", "lag", "failed")


LAGS_AND_FAILED = Unchanging(lags_and_failed)


def lag_of(queue: Queue, lag: timedelta) -> Finding:
    return measured(
        "Queues",
        f"{queue.name}: oldest due row",
        max(0.0, lag.total_seconds()),
        LAG,
        reason=f"{queue.title} are not worked on.",
        fix="See workers above, then the destination: HubSpot, the mail server, or the receiver.",
    )


def failed_in(queue: Queue, failed: int) -> Finding:
    return stated(
        "Queues",
        f"{queue.name}: need a person",
        Level.AMBER if failed else Level.GREEN,
        str(failed),
        threshold="amber above 0",
        reason=f"{failed} of {queue.title} failed for good." if failed else "",
        fix="The home page lists the causes, and the list sends them again." if failed else "",
    )


JOBS = Unchanging(
    lambda: PeriodicTask.objects.order_by().values_list("name", "description", "enabled", "last_run_at")
)


def beat() -> Iterator[Finding]:
    """The last tick, and default jobs that are switched off. One query."""
    jobs = JOBS.rows()
    ticks = [last_run_at for _, _, enabled, last_run_at in jobs if enabled]
    last = max(filter(None, ticks), default=None)
    if last is None:
        yield stated(
            "Beat",
            "last tick",
            Level.AMBER,
            "never",
            threshold=str(TICK),
            reason="No scheduled job ran yet." if ticks else "No job is scheduled.",
            fix="Start beat (script/run beat)." if ticks else "Run: script/manage migrate",
        )
    else:
        age = max(0.0, (timezone.now() - last).total_seconds())
        yield measured(
            "Beat",
            "last tick",
            age,
            TICK,
            words=time_ago(timedelta(seconds=age)),
            reason="Beat stands still: retries, scrub and clean-up wait.",
            fix="Restart beat (script/run beat). What was missed runs at once.",
        )
    off = sorted(name for name, words, enabled, _ in jobs if not enabled and words.startswith(MARK))
    yield stated(
        "Beat",
        "jobs switched off",
        Level.AMBER if off else Level.GREEN,
        ", ".join(off) or "none",
        threshold="amber when there is one",
        reason="A job that the product needs is switched off." if off else "",
        fix="Enable it under Schedule in the admin." if off else "",
    )
