"""The HTTP server of the simulator: sockets, threads and malformed requests."""

import json
import os
import socket
import struct
import sys
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from socketserver import TCPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

from hubspot_simulator.account import saving
from hubspot_simulator.account.portal import SCOPES, Clock, Portal, utc_now
from hubspot_simulator.account.store import Store
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.http import service
from hubspot_simulator.wire.errors import Refusal
from hubspot_simulator.wire.messages import Answer, Delivery, Request

REASONS = {status.value: status.phrase for status in HTTPStatus}
LARGEST_BODY = 10 * 1024 * 1024
IDLE_SECONDS = 300  # longer than a beat, so that keep-alive connections stay open


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], portal: Portal) -> None:
        super().__init__(address, Handler)
        self.portal = portal
        self.open_sockets: set[socket.socket] = set()
        self.stopping = Event()

    def server_bind(self) -> None:
        """Skip the host-name lookup of HTTPServer, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self.server_name}:{self.server_port}"

    def stop(self) -> None:
        """Accept no more calls and close all open connections."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        for open_socket in list(self.open_sockets):
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: object, _address: object) -> None:
        """Ignore a caller that disconnects; log anything else in one line."""
        error = sys.exception()
        if not isinstance(error, OSError):
            print(f"HubSpot simulator: {type(error).__name__} in a connection", file=sys.stderr, flush=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open_sockets.add(self.connection)

    def finish(self) -> None:
        self.server.open_sockets.discard(self.connection)
        super().finish()

    def serve(self) -> None:
        try:
            body = self._body()
        except Refusal as refusal:
            self.close_connection = True
            self._send(refusal.answer(self.server.portal.correlation_id()))
            return
        if body is None:
            self.close_connection = True
            return
        self._send(service.answer(self.server.portal, self._request(body)))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = serve

    def send_error(self, code: int, message: str | None = None, _explain: str | None = None) -> None:
        """Answer what the standard library rejects: a malformed request line, an unknown method."""
        self.close_connection = True
        if code == 501:
            code, message = 405, "Method not allowed"
        refusal = Refusal(code, message or "Bad request", invented=True)
        self._send(refusal.answer(self.server.portal.correlation_id()))

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing to stderr: the log is in memory."""

    def _request(self, body: bytes) -> Request:
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=parts.path,
            query=parse_qs(parts.query, keep_blank_values=True),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _body(self) -> bytes | None:
        """The body; None when the caller disconnected meanwhile. Raises Refusal 400, 411 or 413."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            raise Refusal(411, "Content-Length is required", invented=True)
        declared = self.headers.get("Content-Length", "0")
        if not declared.isascii() or not declared.isdecimal():
            raise Refusal(400, "Content-Length is not a number", invented=True)
        length = int(declared[:18])
        if length > LARGEST_BODY:
            raise Refusal(413, f"A body can be {LARGEST_BODY} bytes long", invented=True)
        body = self.rfile.read(length)
        return body if len(body) == length else None

    def _send(self, answer: Answer) -> None:
        """Send head and body in one write, so that no answer waits for an acknowledgement."""
        head, content = self._head(answer), _content(answer)[0]
        whole = head if self.command == "HEAD" else head + content
        if answer.delivery is None:
            self.wfile.write(whole)
        else:
            self._spoil(answer.delivery, whole, len(head))

    def _spoil(self, delivery: Delivery, whole: bytes, head: int) -> None:
        """Deliver the answer badly, and close. A stopping server does not wait."""
        self.close_connection = True
        match delivery.effect:
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())  # at once, without a clean shutdown
            case "hang":
                self.server.stopping.wait(delivery.seconds)
            case "slow":
                self.wfile.write(whole[: head + 1])
                self.server.stopping.wait(delivery.seconds)
                self.wfile.write(whole[head + 1 :])
            case _:
                self.wfile.write(whole[: (head + len(whole)) // 2])

    def _head(self, answer: Answer) -> bytes:
        content, kind = _content(answer)
        lines = [
            f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, '')}",
            f"Date: {self.date_time_string()}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
            *([f"Content-Type: {kind}"] if content else []),
            *([f"Content-Length: {len(content)}"] if answer.status != 204 else []),
            *(["Connection: close"] if self.close_connection else []),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _content(answer: Answer) -> tuple[bytes, str]:
    if answer.body is None:
        return b"", ""
    if isinstance(answer.body, str):
        return answer.body.encode(), "text/html;charset=utf-8"
    return json.dumps(answer.body).encode(), "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator listening at `url`."""

    url: str
    portal: Portal

    @property
    def store(self) -> Store:
        return self.portal.store


@contextmanager
def serve(
    *,
    token: str,
    clock: Clock = utc_now,
    seed: int | None = None,
    switches: Switches | None = None,
    scopes: Set[str] = SCOPES,
    state_file: Path | None = None,
    port: int = 0,
) -> Iterator[Running]:
    """Serve a simulator on a loopback thread of this process within a `with` block.

    `clock` returns aware times and controls every window, delay and timestamp; `seed` fixes ids and the order
    of results.
    """
    portal = Portal(
        token,
        clock=clock,
        random=Random(seed),  # noqa: S311  # ids and shuffles, nothing secret
        switches=switches or Switches(),
        scopes=set(scopes),
        state_file=state_file,
    )
    saving.load(portal)
    server = Server(("127.0.0.1", port), portal)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="hubspot-simulator")
    thread.start()
    try:
        yield Running(server.url, portal)
    finally:
        server.stop()
        thread.join()
