"""What gunicorn itself says and answers, outside of Django."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config.embedded.valkey import free_port
from config.tests.processes import await_that

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("served")]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A gunicorn with our configuration: its port and its log."""
    port, log = free_port(), tmp_path_factory.mktemp("served") / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DEBUG": "true",
                "HOST": "127.0.0.1",
                "PORT": str(port),
                "WEB_CONCURRENCY": "1",
            },
            stderr=output,
        )
        await_that(lambda: answers(port), seconds=60)
        yield port, log
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def send(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))  # until the process is done with it


def test_a_request_that_is_none_is_refused_without_a_word_about_who_sent_it(served: tuple[int, Path]) -> None:
    port, log = served
    assert b" 400 " in send(port, b"GET / HTTP/1.1\r\nada@engines.example\r\n\r\n")
    await_that(lambda: "refused" in log.read_text())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    [line] = [line for line in lines if line["message"] == "A request could not be read and was refused"]
    assert "127.0.0.1:" not in json.dumps(line)
    assert "ada@" not in log.read_text()


def test_a_head_is_answered_without_a_line(served: tuple[int, Path]) -> None:
    port, log = served
    asked = b"HEAD /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    assert b"200 OK" in send(port, asked)
    assert "body bytes" not in log.read_text()
