"""Ask ClamAV about a file, by the INSTREAM command of clamd: https://docs.clamav.net/manual/Usage/Scanning.html"""

import logging
import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings

CONNECT_SECONDS, SCAN_SECONDS = 2.0, 20.0
CHUNK = 64 * 1024
MOST_ANSWER = 4096

logger = logging.getLogger(__name__)


class ScannerUnavailable(Exception):
    """The scanner was asked and gave no verdict."""


def is_set_up() -> bool:
    return bool(settings.CLAMAV_URL)


def is_infected(content: bytes) -> bool:
    """Whether ClamAV finds anything in this. Raises ScannerUnavailable."""
    try:
        answer = ask(content)
    except OSError as error:
        logger.error("The virus scanner does not answer (%s)", type(error).__name__)
        raise ScannerUnavailable from error
    if answer.endswith(" FOUND"):
        return True
    if answer.endswith(": OK"):
        return False
    logger.error("The virus scanner gave no verdict: its limit of size is below ours, or it is broken")
    raise ScannerUnavailable


def ask(content: bytes) -> str:
    """The answer of clamd, such as `stream: OK` or `stream: Eicar-Signature FOUND`."""
    with connect() as connection:
        connection.settimeout(SCAN_SECONDS)
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            connection.sendall(struct.pack("!I", len(part)) + part)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while len(answer) < MOST_ANSWER and not answer.endswith(b"\0") and (more := connection.recv(1024)):
            answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def connect() -> socket.socket:
    where = urlsplit(settings.CLAMAV_URL)
    if where.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(CONNECT_SECONDS)
        try:
            connection.connect(where.path)
        except OSError:
            connection.close()
            raise
        return connection
    return socket.create_connection((where.hostname, where.port or 3310), timeout=CONNECT_SECONDS)
