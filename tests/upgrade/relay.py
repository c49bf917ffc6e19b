"""A relay between TCP on loopback and whatever stands behind it at the moment, as a load balancer does it.

It also gives PostgreSQL, which listens on a private socket alone, an address that a container can reach.
"""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field

Target = str | tuple[str, int]  # the path of a Unix socket, or host and port
CHUNK = 1 << 16


@dataclass
class Relay:
    """New connections go to `target`, which may change; those that are open stay where they are."""

    target: Target
    listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    @property
    def port(self) -> int:
        port: int = self.listening.getsockname()[1]
        return port

    def start(self) -> None:
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            client, _ = self.listening.accept()
            threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, client: socket.socket) -> None:
        try:
            server = connect(self.target)
        except OSError:
            client.close()
            return
        back = threading.Thread(target=pump, args=(server, client), daemon=True)
        back.start()
        pump(client, server)
        back.join()
        client.close()
        server.close()


def connect(target: Target) -> socket.socket:
    if isinstance(target, tuple):
        return socket.create_connection(target)
    made = socket.socket(socket.AF_UNIX)
    made.connect(target)
    return made


def pump(source: socket.socket, sink: socket.socket) -> None:
    """Carry bytes one way until there are no more, and say so to the other side."""
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
