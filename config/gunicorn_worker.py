"""gunicorn's thread worker, with a timeout for slow requests and a page for oversized headers; its logger.

Each call of the system hands the interpreter to another thread, and waiting for it again costs more than most
of what is done here. So a short request takes four: wait, receive, send, and make the socket block.
"""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http import wsgi
from gunicorn.http.body import LengthReader
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.http.parser import RequestParser
from gunicorn.util import to_bytestring, write, write_nonblock
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


class Response(wsgi.Response):
    """Sends the head together with the first piece of the body, in one packet."""

    head = b""  # not sent yet

    def send_headers(self) -> None:
        if not self.headers_sent and not self.head:
            lines = (*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers))
            self.head = to_bytestring("".join(lines) + "\r\n", "latin-1")

    def _emit_body(self, data: bytes) -> None:
        if self.chunked:
            self.flush()
            super()._emit_body(data)
        else:
            self.flush(data)

    def flush(self, data: bytes = b"") -> None:
        head, self.head, self.headers_sent = self.head, b"", True
        if head or data:
            write(self.sock, head + data)

    def sendfile(self, respiter: Any) -> bool:
        self.send_headers()
        self.flush()
        return bool(super().sendfile(respiter))

    def close(self) -> None:
        self.send_headers()
        self.flush()
        super().close()


class Request(RequestParser.mesg_class):
    def _peer_is_trusted_proxy(self) -> bool:
        return False  # config.gunicorn.forwarded_allow_ips is empty: no address need be read to know


# gunicorn has no settings for these.
wsgi.Response = Response
RequestParser.mesg_class = Request


class Worker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reading: dict[TConn, float] = {}  # connection -> deadline for reading its request

    def init_process(self) -> None:
        # A request asks for thirty settings, and for each of them gunicorn calls two functions.
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        super().init_process()

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

    def _keepalive_after(self, conn: TConn, keepalive: Any) -> bool:
        """Whether the connection can be reused: no more looks at a body that was read to its end."""
        body = conn.parser.mesg.body
        if keepalive and isinstance(body.reader, LengthReader) and not body.reader.length and not body.failed:
            conn.parser.mesg = None
            return True
        return bool(super()._keepalive_after(conn, keepalive))

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
