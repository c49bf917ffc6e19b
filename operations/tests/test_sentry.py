"""What a Sentry hears: a real process, a real HTTP server in Sentry's place, and nobody's data."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from django.conf import settings

from config.tests.processes import PROJECT

pytestmark = pytest.mark.xdist_group("sentry")  # one process for all of them

PROGRAM = """
import logging, types, sys, django
django.setup()
import sentry_sdk
from django.conf import settings
from django.test import Client
from django.urls import include, path

def view(request, name):
    company = "Lovelace"
    raise ValueError(f"{company} {name} {request.POST}")

urls = [path("broken/<str:name>/", view), path("", include("config.urls"))]
sys.modules["broken_urls"] = types.SimpleNamespace(urlpatterns=urls)
settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "broken_urls", ["testserver"]
headers = {"user-agent": "Lovelace/1"}
browser = Client(raise_request_exception=False, headers=headers, REMOTE_ADDR="203.0.113.9")
browser.cookies["assessment"] = "Lovelace"
assert browser.post("/broken/Lovelace/?q=Lovelace", {"name": "Lovelace"}).status_code == 500
logging.getLogger("some.library").error("Cannot greet %s", "Lovelace", extra={"person": "Lovelace"})
sentry_sdk.set_user({"email": "ada@engines.example"})
sentry_sdk.capture_message("Lovelace")
sentry_sdk.flush(10)
"""


class Recorder(BaseHTTPRequestHandler):
    """Takes envelopes and keeps them as text."""

    received: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        text = gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body
        self.received.append(f"{self.path} {self.headers} {text.decode()}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def envelopes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What arrived from a process in which a page broke, a library complained and a message was sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    ran = run(f"http://key@127.0.0.1:{server.server_port}/1", PROGRAM)
    assert ran.returncode == 0, ran.stderr
    yield Recorder.received
    server.shutdown()
    server.server_close()


def run(dsn: str, program: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "true",
        "SENTRY_DSN": dsn,
        "DATABASE_URL": settings.DATABASE_URL,
        "REDIS_URL": settings.REDIS_URL,
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def events(envelopes: list[str]) -> list[dict[str, Any]]:
    lines = [line for text in envelopes for line in text.splitlines() if line.startswith("{")]
    return [found for line in lines if "platform" in (found := json.loads(line))]


def test_an_error_of_a_page_arrives_with_type_and_places(envelopes: list[str]) -> None:
    (event,) = [each for each in events(envelopes) if each["logger"] == "django.request"]
    (raised,) = event["exception"]["values"]
    assert raised["type"] == "ValueError"
    assert raised["stacktrace"]["frames"][-1].keys() <= {"module", "function", "lineno", "in_app"}
    assert raised["stacktrace"]["frames"][-1]["function"] == "view"
    assert event["tags"]["route"] == "broken/<str:name>/"
    assert event["logentry"] == {"message": "Internal Server Error"}


def test_an_error_in_the_log_arrives_in_the_words_of_the_log(envelopes: list[str]) -> None:
    (event,) = [each for each in events(envelopes) if each["logger"] == "some.library"]
    assert event["logentry"] == {"message": "Cannot greet …"}


def test_what_does_not_come_from_the_log_is_not_sent(envelopes: list[str]) -> None:
    assert len(events(envelopes)) == 2


def test_nothing_that_arrives_tells_of_a_person(envelopes: list[str]) -> None:
    everything = "".join(envelopes)
    assert everything
    for trace in ("Lovelace", "ada@", "203.0.113.9", "cookie", "csrf", "127.0.0.1:", "vars"):
        assert trace not in everything.replace("Host: 127.0.0.1:", "")


def test_an_event_holds_nothing_but_what_is_listed(envelopes: list[str]) -> None:
    listed = {"event_id", "timestamp", "platform", "level", "logger", "logentry", "exception", "tags"}
    assert all(event.keys() <= listed for event in events(envelopes))


def test_a_wrong_address_ends_the_process_with_the_fix() -> None:
    ran = run("https://no-key.example", "import django; django.setup()")
    assert ran.returncode == 1
    assert "SENTRY_DSN cannot be read. Set it to https://key@host/project." in ran.stderr
