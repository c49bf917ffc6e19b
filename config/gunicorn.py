"""gunicorn's configuration: `gunicorn --config python:config.gunicorn config.wsgi`."""

from typing import Any

from config import environment as env
from config.postgresql.pooler import refuse_unfit_pooler

env.refuse_sub_path()
bind = env.listen_address()
workers = env.number("WEB_CONCURRENCY", 2, least=1)
worker_class = "config.gunicorn_worker.Worker"
logger_class = "config.gunicorn_worker.ErrorLogger"
threads = 4
timeout = 30
limit_request_line = 8190
limit_request_field_size = 32 * 1024  # one header: trackers set many cookies for a whole domain
graceful_timeout = 10
max_requests = 50_000  # bounds memory leaks; starting a process costs as much as 500 requests
max_requests_jitter = 5_000
control_socket_disable = True
# No peer is believed about TLS or paths, not even one on this machine: Django asks TRUSTED_PROXY_COUNT.
forwarded_allow_ips = ""

# All log lines of the product have the same format, without client addresses.
logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "operations.logs.JsonFormatter"}},
    "filters": {"nobody": {"()": "operations.logs.NobodyFilter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["nobody"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.http.wsgi": {"level": "ERROR"},  # Django leaves the body of a HEAD to the server
    },
}


def on_starting(server: Any) -> None:
    """Before there are processes to start again and again."""
    refuse_unfit_pooler()
