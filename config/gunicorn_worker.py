"""gunicorn's thread worker, with a timeout for slow requests and a page for oversized headers; its logger."""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import TConn, ThreadWorker

READ_SECONDS = 10.0  # for headers and body, which are small: reading blocks a thread
FOLLOWS_MS = 3  # as long as no other connection waits for the thread

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Too much to read</title>
<h1>Your browser sent more than this site reads</h1>
<p>Most of it is cookies that other pages of this address left behind. Delete the cookies of this site, or
open it in a private window. If the address is very long, cut it off at the question mark.</p>
"""


class ErrorLogger(Logger):
    """Logs errors only: gunicorn prepares a line for each request even if nobody keeps it."""

    access_log_enabled = False


def follows(conn: TConn) -> bool:
    """Whether the next request of the connection is there, or comes while nobody notices the wait."""
    if conn.parser.unreader.buf.getvalue():
        return True
    poller = select.poll()
    poller.register(conn.sock, select.POLLIN)
    return bool(poller.poll(FOLLOWS_MS))


class Worker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading: dict[TConn, float] = {}  # connection -> deadline for reading its request

    def handle(self, conn: TConn) -> Any:
        """Serve a connection in a pool thread: one request, and those that follow at once.

        Under load a proxy sends the next request as soon as it has a response. Handing the connection back to
        the loop and taking it from there again would cost a fifth of a short request.
        """
        kept = self.handle_one(conn)
        while kept is True and self.alive and self.tpool._work_queue.empty() and follows(conn):
            kept = self.handle_one(conn)
        return kept

    def handle_one(self, conn: TConn) -> Any:
        """Whether the connection can be reused for another request."""
        self.reading[conn] = time.monotonic() + READ_SECONDS
        try:
            return super().handle(conn)
        finally:
            self.reading.pop(conn, None)

    def murder_keepalived(self, force: bool = False) -> None:
        """Called once a second: also abort requests that exceed their read deadline."""
        super().murder_keepalived(force)
        now = time.monotonic()
        for conn, until in list(self.reading.items()):
            if until < now:
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)  # a response in progress is still sent

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, LimitRequestHeaders | LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        status = (
            "414 URI Too Long" if isinstance(exc, LimitRequestLine) else "431 Request Header Fields Too Large"
        )
        self.log.warning("Invalid request: %s", status)
        body = PAGE.encode()
        head = f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\n"
        with suppress(OSError):
            write_nonblock(client, f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
