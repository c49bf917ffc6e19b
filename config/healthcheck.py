"""`python config/healthcheck.py`: exit 0 if the web process of this container is healthy, else 1.

Standard library only, and run as a file: it runs twice a minute and must not import the product.
"""

import http.client
import os
import sys

SECONDS = 4


def healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not healthy(int(os.environ.get("PORT") or "8000")))
