"""Processor milliseconds of each request of a flow, in this process and without a server; and where they go.

    DEBUG=true .venv/bin/python -m config.embedded -- .venv/bin/python -m benchmarks.flow_profile --kind json

Processor time of one process says about the same on a busy machine, and the calls of functions, which are
printed, too, say exactly the same. Makes a database of its own.
"""

import argparse
import cProfile
import io
import json
import os
import pstats
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks.flow_generator import bodies
from benchmarks.production import environment_of, four_pages, manage, prepare

COUNTED = 7  # flows whose calls are counted: the median leaves out what is read every few seconds


@dataclass
class Browser:
    """Calls a WSGI application and keeps its cookies.

    `took` is processor seconds by kind of request, `waited` the seconds that each took.
    """

    application: Any
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    waited: list[float] = field(default_factory=list)
    calls: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts_calls: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def begin(self) -> None:
        self.cookies = {}
        self.client = f"11.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(0, 255)}"  # noqa: S311  # no secret

    def ask(self, kind: str, path: str, body: str | None = None, content_type: str = "") -> tuple[str, str]:
        """Where the response leads, and its text."""
        sent = (body or "").encode()
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": path.partition("?")[0],
            "QUERY_STRING": path.partition("?")[2],
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(sent)),
            "CONTENT_TYPE": content_type,
            "wsgi.input": io.BytesIO(sent),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "localhost",
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_FOR": self.client,
            "HTTP_REFERER": "https://localhost/",
            "HTTP_ACCEPT_LANGUAGE": "en",
            "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_X_CSRFTOKEN": self.token,
        }
        answered: list[Any] = []
        calls = 0

        def count(_frame: Any, event: str, _argument: Any) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        if self.counts_calls:
            sys.setprofile(count)
        began, asked = time.process_time(), time.perf_counter()
        response = self.application(environ, lambda *given: answered.extend(given))
        text = b"".join(response).decode()
        response.close()
        spent, waited = time.process_time() - began, time.perf_counter() - asked
        if self.counts_calls:
            sys.setprofile(None)
            self.calls[kind].append(calls)
        else:
            self.took[kind].append(spent)
            self.waited.append(waited)
        status, headers = answered[:2]
        if int(status.split()[0]) >= 400:
            raise SystemExit(f"{kind}: {status} {text[:500]}")
        for name, value in headers:
            if name == "Set-Cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        found = re.search(r'"csrfToken": ?"(\w+)"|name="csrfmiddlewaretoken" value="(\w+)"', text)
        self.token = next(filter(None, found.groups())) if found else self.token
        return dict(headers).get("Location", ""), text


def json_flow(browser: Browser) -> None:
    *saves, submit = bodies().split("\n")
    browser.ask("start", "/api/assessment/start", "{}", "application/json")
    for save in saves:
        browser.ask("save", "/api/assessment/save-progress", save, "application/json")
    address = f"v{random.randint(0, 10**9)}@example.com"  # noqa: S311  # no secret
    browser.ask("submit", "/api/assessment/submit", submit.replace("ADDRESS", address), "application/json")


def html_flow(browser: Browser) -> None:
    form = "application/x-www-form-urlencoded"
    browser.ask("landing", "/")
    where, _ = browser.ask("start", "/start/", urlencode({"csrfmiddlewaretoken": browser.token}), form)
    while "/step/" in where:
        _, page = browser.ask("page", where)
        hidden = dict(re.findall(r'name="([\w-]+)" value="([^"]*)"', page))
        chosen = dict.fromkeys(re.findall(r'type="radio"[^>]*? name="(\w+)"', page), "C")
        posted = hidden | chosen | {"csrfmiddlewaretoken": browser.token}
        posted = {name: value for name, value in posted.items() if name not in ("direction", "switch")}
        where, _ = browser.ask("post", where, urlencode(posted), form)


def served() -> Any:
    """The product on a fresh database, set up as in production."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        own, name = connection.info.dbname, f"profile_{random.randint(0, 10**9)}"  # noqa: S311  # no secret
        connection.execute(f"CREATE DATABASE {name}".encode())
    os.environ |= environment_of(8000) | {"FIELD_ENCRYPTION_KEYS": "benchmark-" * 5}
    os.environ["DATABASE_URL"] = os.environ["DATABASE_URL"].replace(f"/{own}?", f"/{name}?")
    prepare(dict(os.environ), four_pages())
    manage(dict(os.environ), "constance", "set", "ASK_ADDRESS_BEFORE_RESULT", "False")
    os.environ["DATABASE_PROFILE"] = "web"
    from config.wsgi import application  # reads the environment set above

    return application


def calls_of(browser: Browser, flow: Callable[[Browser], None]) -> dict[str, float]:
    """Calls of functions: of a whole flow, and of a request of each kind."""
    browser.counts_calls = True
    for _ in range(COUNTED):
        browser.begin()
        flow(browser)
    browser.counts_calls = False
    kinds = {kind: statistics.median_low(counts) for kind, counts in browser.calls.items()}
    whole = sum(kinds[kind] * len(counts) for kind, counts in browser.calls.items()) // COUNTED
    return {"whole_flow": whole, **kinds}


def lines(profile: cProfile.Profile, count: int) -> Iterator[str]:
    printed = io.StringIO()
    pstats.Stats(profile, stream=printed).sort_stats("cumulative").print_stats(count)
    yield from printed.getvalue().splitlines()[6:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=("json", "html"), default="json")
    parser.add_argument("--flows", type=int, default=150)
    parser.add_argument("--functions", type=int, default=0, help="print so many, most expensive first")
    options = parser.parse_args()
    flow = {"json": json_flow, "html": html_flow}[options.kind]
    browser = Browser(served())
    for _ in range(15):
        browser.begin()
        flow(browser)
    browser.took.clear()
    for _ in range(options.flows):
        browser.begin()
        flow(browser)
    medians = {kind: statistics.median(took) * 1000 for kind, took in browser.took.items()}
    whole = sum(sum(took) for took in browser.took.values()) / options.flows * 1000
    print(json.dumps({"whole_flow": round(whole, 2), **{k: round(ms, 2) for k, ms in medians.items()}}))
    print(json.dumps({"calls": calls_of(browser, flow)}))
    if options.functions:
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(options.flows):
            browser.begin()
            flow(browser)
        profile.disable()
        print("\n".join(lines(profile, options.functions)))


if __name__ == "__main__":
    main()
