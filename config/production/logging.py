"""Logging: JSON lines on standard error, without exception messages: see operations/logs.py.

Celery's lines for each message are too much noise.
"""

from typing import Any

QUIET_IN_CELERY = ("beat", "app.trace", "worker.strategy", "worker.request")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "operations.logs.JsonFormatter"}},
    "filters": {"visitors": {"()": "operations.logs.VisitorsFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["visitors"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "urllib3": {"level": "INFO"},
        **{f"celery.{name}": {"level": "WARNING"} for name in QUIET_IN_CELERY},
    },
}
