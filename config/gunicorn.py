"""How gunicorn serves the form: `gunicorn --config python:config.gunicorn config.wsgi`."""

import os
from typing import Any

bind = f"{os.environ.get('HOST') or '0.0.0.0'}:{os.environ.get('PORT') or '8000'}"  # noqa: S104  # a container
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 10
max_requests = 5000  # bounds whatever leaks
max_requests_jitter = 500
control_socket_disable = True

# The log lines of the whole product have one form, and none holds the address of a client.
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "operations.logs.JsonFormatter"}},
    "filters": {"nobody": {"()": "operations.logs.NobodyFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["nobody"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": [], "propagate": False},
    },
}
