"""The health check, for load balancers, containers and operators."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from operations.doctor.postgresql import missing_migrations
from operations.doctor.writing import database_answers
from operations.metrics import metrics

known: set[str] = set()  # of this process


class ProbeMiddleware:
    """Answer probes before ALLOWED_HOSTS is checked: load balancers and Prometheus use the IP address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        probe = PROBES.get(request.path)
        return probe(request) if probe else self.get_response(request)


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 `ok`, 200 `degraded` without Redis (the form works on), 503 without the database."""
    database, redis = database_answers(), redis_answers()
    checks = {"database": "ok" if database else "failed", "redis": "ok" if redis else "failed"}
    if not database:
        return JsonResponse({"status": "failed", "checks": checks}, status=503, headers={"Retry-After": "30"})
    return JsonResponse({"status": "ok" if redis else "degraded", "checks": checks})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when this process can serve visitors now; else 503, and a load balancer leaves it out.

    Redis is not needed. Maintenance is no reason: the page that says so has to be served too.
    """
    database = database_connects()
    checks = {
        "database": "ok" if database else "failed",
        "migrations": "unknown" if not database else "ok" if is_migrated() else "missing",
    }
    if set(checks.values()) != {"ok"}:
        return JsonResponse(
            {"status": "not ready", "checks": checks}, status=503, headers={"Retry-After": "5"}
        )
    return JsonResponse({"status": "ready", "checks": checks})


def database_connects() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_migrated() -> bool:
    """Whether the database has every migration of this release; once it has, it is not asked again."""
    if "migrated" not in known:
        try:
            if missing_migrations(connection):
                return False
        except DatabaseError:
            return False
        known.add("migrated")
    return True


def redis_answers() -> bool:
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0)
        ) as redis:
            redis.ping()
    except RedisError:
        return False
    return True


PROBES = {"/api/health": health, "/api/health/ready": ready, "/metrics": metrics}
