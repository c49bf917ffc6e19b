"""`python config/healthcheck.py`: exit 0 when the web process of this container is healthy, else 1.

Standard library only, and run as a file: a question asked twice a minute must not import the product.
"""

import http.client
import os
import sys

SECONDS = 4


def host_header(allowed: str) -> str:
    """A host name that Django accepts, out of ALLOWED_HOSTS; the container calls itself by its number."""
    first = allowed.split(",")[0].strip()
    return "localhost" if first in ("", "*") else first.lstrip(".")


def healthy(port: int, host: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/api/health", headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    sys.exit(not healthy(port, host_header(os.environ.get("ALLOWED_HOSTS", ""))))
