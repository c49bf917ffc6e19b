"""Is the product able to serve? For load balancers, containers and people with a terminal."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 `ok`, 200 `degraded` without Redis (the form works on), 503 without the database."""
    database, redis = database_answers(), redis_answers()
    checks = {"database": "ok" if database else "failed", "redis": "ok" if redis else "failed"}
    if not database:
        return JsonResponse({"status": "failed", "checks": checks}, status=503, headers={"Retry-After": "30"})
    return JsonResponse({"status": "ok" if redis else "degraded", "checks": checks})


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
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
