"""The web server itself: what it reads, what it refuses in words, and how long it waits."""

import http.client
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from config import wsgi
from config.embedded.valkey import free_port
from config.gunicorn_worker import Response
from config.launcher.readiness import answers
from config.tests.processes import await_that, launch

pytestmark = [pytest.mark.processes]

APP = """
from config import gunicorn_worker
gunicorn_worker.READ_SECONDS = 1.0

def application(environ, start_response):
    if environ["PATH_INFO"] == "/parts":
        start_response("200 OK", [])
        return iter([b"", b"first ", b"second"])
    start_response("200 OK", [("Content-Length", "2")])
    if environ["PATH_INFO"] == "/broken":
        raise ValueError
    if environ["PATH_INFO"] == "/read":
        environ["wsgi.input"].read()
    return [b"ok"]
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of our gunicorn, with one process of four threads, before an application that says ok."""
    directory: Path = tmp_path_factory.mktemp("app")
    (directory / "tiny.py").write_text(APP)
    port = free_port()
    process: subprocess.Popen[str] = launch(
        *("-m", "gunicorn", "--config", "python:config.gunicorn", "--pythonpath", directory, "tiny"),
        HOST="127.0.0.1",
        PORT=str(port),
        WEB_CONCURRENCY="1",
    )
    await_that(lambda: answers(f"http://127.0.0.1:{port}/"), seconds=60)
    yield port
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def get(port: int, path: str = "/", **headers: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read().decode()


def test_cookies_that_trackers_set_for_the_whole_domain_are_read(port: int) -> None:
    assert get(port, Cookie="a=" + "x" * 16_000) == (200, "ok")
    assert get(port, "/?utm_source=" + "x" * 8_000) == (200, "ok")


def test_more_than_we_read_is_refused_in_words(port: int) -> None:
    status, page = get(port, Cookie="a=" + "x" * 40_000)
    assert status == 431
    assert "Delete the cookies of this site" in page
    assert get(port, "/?" + "x" * 9_000)[0] == 414


def test_slow_connections_do_not_stop_the_form(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(8)]
    try:
        for connection in slow:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le")
        assert get(port) == (200, "ok")
    finally:
        for connection in slow:
            connection.close()


def test_requests_that_come_together_are_answered_one_after_the_other(port: int) -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        connection.sendall(request * 3)
        received = b""
        while received.count(b"ok") < 3:
            part = connection.recv(4096)
            assert part, received
            received += part


@pytest.mark.parametrize("path", ["/read", "/left"])
def test_what_follows_a_body_is_the_next_request(port: int, path: str) -> None:
    """Read by the application or not: none of it may pass for a request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(3):
            connection.request("POST", path, body="GET /broken HTTP/1.1\r\n\r\n")
            response = connection.getresponse()
            assert (response.status, response.read()) == (200, b"ok")


def test_a_response_without_a_length_comes_in_chunks(port: int) -> None:
    assert get(port, "/parts") == (200, "first second")


def test_the_head_alone_has_no_body(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("HEAD", "/")
        response = connection.getresponse()
        assert (response.status, response.headers["Content-Length"], response.read()) == (200, "2", b"")


def test_an_application_that_fails_before_it_sent_anything_is_an_error(port: int) -> None:
    assert get(port, "/broken")[0] == 500


def test_the_head_and_a_short_body_are_sent_at_once() -> None:
    ours, theirs = socket.socketpair(
        socket.AF_UNIX, socket.SOCK_SEQPACKET
    )  # keeps what was sent at once together
    with ours, theirs:
        response = Response(SimpleNamespace(method="GET", version=(1, 1), should_close=bool), ours, Config())
        response.start_response("200 OK", [("Content-Length", "2")])
        response.write(b"ok")
        response.close()
        sent = theirs.recv(4096)
    assert sent.startswith(b"HTTP/1.1 200 OK\r\n")
    assert sent.endswith(b"\r\n\r\nok")


def test_kept_connections_without_a_next_request_stop_nobody(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(8):
            kept = stack.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)))
            kept.request("GET", "/")
            assert kept.getresponse().read() == b"ok"
        assert get(port) == (200, "ok")


def test_a_proxy_may_write_the_scheme_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise Django would send https:// to https:// for ever."""
    monkeypatch.setattr(
        wsgi, "django_application", lambda environ, _: [environ["HTTP_X_FORWARDED_PROTO"].encode()]
    )
    assert list(wsgi.application({"HTTP_X_FORWARDED_PROTO": "HTTPS"}, None)) == [b"https"]
