"""Whether something answers: `python -m config.launcher.readiness URL` waits until it does."""

import http.client
import sys
import time
from urllib.parse import urlsplit

from celery import Celery

PATIENCE = 60


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with a page or a redirect."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def worker_answers(redis_url: str) -> bool:
    """Whether a Celery worker on this broker answers a ping."""
    with Celery(broker=redis_url) as app:
        return bool(app.control.ping(timeout=1, limit=1))


def main(url: str) -> int:
    deadline = time.monotonic() + PATIENCE
    while not answers(url):
        if time.monotonic() > deadline:
            print(f"{url} does not answer.", file=sys.stderr)
            return 1
        time.sleep(0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
