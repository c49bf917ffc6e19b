"""Real Chromium for tests, without a word to anybody outside."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]


# What pages of the running test did against the content policy. tests/conftest.py fails a test that had one.
VIOLATIONS: list[str] = []


Found = TypeVar("Found")


def hear_violation(message: ConsoleMessage) -> None:
    if "Content Security Policy" in message.text:
        VIOLATIONS.append(f"{message.text} at {message.location.get('url')}")


def watch(browser: Browser) -> None:
    """Listen to every context that this browser will open."""
    open_context = browser.new_context

    def new_context(**options: Any) -> BrowserContext:
        context = open_context(**options)
        context.on("console", hear_violation)
        return context

    browser.new_context = new_context  # type: ignore[method-assign]  # Playwright tells of no new context


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        watch(browser)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def silent_page(browser: Browser, *, width: int = 375, scripts: bool = True) -> Iterator[Page]:
    """A page whose console must stay silent: no violation of the content policy, no error, no warning."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts)
    page = context.new_page()
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} at {message.location.get('url')}")

    page.on("console", hear)
    yield page
    context.close()
    assert complaints == []


def away(act: Callable[[], Found]) -> Found:
    """Do something away from the event loop of the browser, where constance would answer with promises."""

    def act_and_close() -> Found:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(act_and_close).result()
