"""What metrics and traces cost a JSON flow: processor time of the process and time of the requests, in turns.

    DEBUG=true .venv/bin/python -m config.embedded -- .venv/bin/python -m benchmarks.watching

`nothing` runs without the middleware and the wrapper that measure; `metrics` is the product as it comes; the
others send traces to a collector that takes them, that refuses each connection, and that never answers.
Processor time is the whole process's, with the thread that sends. Makes a database of its own.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.flow_profile import Browser, calls_of, json_flow, served

MIDDLEWARE = "monitoring.middleware.TimingMiddleware"
WARM_UP = 15


class Collector(BaseHTTPRequestHandler):
    """Takes every trace."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def collectors() -> Iterator[dict[str, str]]:
    """{variant: TRACES_URL}."""
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Collector) as taking,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        threading.Thread(target=taking.serve_forever, daemon=True).start()
        ports = {"traces": taking.server_port, "refused": 9, "no answer": silent.getsockname()[1]}
        urls = {name: f"http://127.0.0.1:{port}/v1/traces" for name, port in ports.items()}
        yield {"nothing": "", "metrics": "", **urls}
        taking.shutdown()


def measure(variant: str, flows: int) -> dict[str, float]:
    """In a process of its own: of a flow the milliseconds of processor time and the calls of functions, and
    the milliseconds that visitors wait for a request.
    """
    from django.conf import settings
    from django.db import connection

    from monitoring.statements import watch_statement

    if variant == "nothing":
        settings.MIDDLEWARE.remove(MIDDLEWARE)
    from config.wsgi import application  # reads MIDDLEWARE

    if variant == "nothing":
        connection.ensure_connection()
        connection.execute_wrappers.remove(watch_statement)
    browser = Browser(application)
    for _ in range(WARM_UP):
        browser.begin()
        json_flow(browser)
    browser.waited.clear()
    began = time.process_time()
    for _ in range(flows):
        browser.begin()
        json_flow(browser)
    spent = time.process_time() - began
    waited = sorted(browser.waited)
    return {
        "processor": spent / flows * 1000,
        "median": statistics.median(waited) * 1000,
        "p99": waited[int(len(waited) * 0.99)] * 1000,
        "calls": calls_of(browser, json_flow)["whole_flow"],
    }


def turn(variant: str, url: str, flows: int) -> dict[str, float]:
    """Measure in a new process; also how many seconds it took to end."""
    command = [sys.executable, "-m", "benchmarks.watching", "--turn", variant, "--flows", str(flows)]
    with subprocess.Popen(  # noqa: S603  # ourselves
        command, env=os.environ | {"TRACES_URL": url}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout  # noqa: S101  # a pipe was asked for
        found: dict[str, float] = json.loads(process.stdout.readline())
        began = time.monotonic()
        process.wait(60)
    return found | {"end": (time.monotonic() - began) * 1000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=150)
    parser.add_argument("--turns", type=int, default=5, help="of each variant")
    parser.add_argument("--turn", default="", help="used by the benchmark itself")
    options = parser.parse_args()
    if options.turn:
        import django

        django.setup()
        print(json.dumps(measure(options.turn, options.flows)), flush=True)
        return
    served()
    turns: dict[str, list[dict[str, float]]] = {}
    with collectors() as urls:
        for _ in range(options.turns):
            for variant, url in urls.items():
                turns.setdefault(variant, []).append(turn(variant, url, options.flows))
    for variant, found in turns.items():
        said = []
        for name in found[0]:
            values = [each[name] for each in found]
            said.append(
                f"{name} {min(values):.1f} to {max(values):.1f}, median {statistics.median(values):.1f}"
            )
        print(f"{variant:10} {'; '.join(said)}")


if __name__ == "__main__":
    main()
