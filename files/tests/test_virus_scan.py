"""ClamAV's INSTREAM, spoken with a small clamd on a socket."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from files.virus_scan import ScannerUnavailable, is_infected

Clamd = Callable[[str], None]


def receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        data += connection.recv(count - len(data))
    return data


def read_stream(connection: socket.socket) -> bytes:
    assert receive(connection, 10) == b"zINSTREAM\0"
    content = b""
    while length := struct.unpack("!I", receive(connection, 4))[0]:
        content += receive(connection, length)
    return content


@pytest.fixture
def clamd(settings: Any) -> Iterator[Callable[[str], list[bytes]]]:
    """Starts a clamd that gives this answer once; returns what it was sent."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    threads: list[threading.Thread] = []

    def start(answer: str) -> list[bytes]:
        received: list[bytes] = []

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                received.append(read_stream(connection))
                connection.sendall(answer.encode() + b"\0")

        threads.append(threading.Thread(target=serve))
        threads[-1].start()
        return received

    yield start
    listener.close()
    for thread in threads:
        thread.join(5)


def test_a_file_is_sent_whole_and_found_clean(clamd: Callable[[str], list[bytes]]) -> None:
    received = clamd("stream: OK")
    content = bytes(range(256)) * 1000
    assert not is_infected(content)
    assert received == [content]


def test_what_the_scanner_finds_is_infected(clamd: Callable[[str], list[bytes]]) -> None:
    clamd("stream: Win.Test.EICAR_HDB-1 FOUND")
    assert is_infected(b"x")


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "", "stream: odd"])
def test_any_other_answer_is_no_verdict(clamd: Callable[[str], list[bytes]], answer: str) -> None:
    clamd(answer)
    with pytest.raises(ScannerUnavailable):
        is_infected(b"x")


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd.sock"])
def test_a_scanner_that_is_away_gives_no_verdict(settings: Any, url: str) -> None:
    settings.CLAMAV_URL = url
    with pytest.raises(ScannerUnavailable):
        is_infected(b"x")
