"""Readiness probe: `python config/launcher/readiness.py URL` waits until the URL responds.

Standard library only, and run as a file, without importing the product.
"""

import http.client
import sys
import time
from urllib.parse import urlsplit

PATIENCE = 60


def answers(url: str) -> bool:
    """Whether a GET of `url` returns a page or a redirect."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("GET", parts.path or "/")
        return connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


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
