"""The form in a frame on another site: two real origins in real Chromium."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from constance import config
from django.db import connection
from playwright.sync_api import Browser, Frame, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Assessment
from scorecard.definition import Definition
from tests.browsers import VIOLATIONS, silent_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]


@pytest.fixture
def site(live_server: LiveServer) -> Iterator[str]:
    """Another site, whose page holds the script tag."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            ground = ' data-ground="transparent"' if self.path == "/night" else ""
            tag = (
                f'<script src="{live_server.url}/static/js/embed.js" data-title="Scorecard"{ground}></script>'
            )
            icon = '<link rel="icon" href="data:,"><style>body { background: #101820 }</style>'
            self.wfile.write(f"<!doctype html><title>Site</title>{icon}<h1>Our site</h1>{tag}".encode())

        def log_message(self, *args: object) -> None:
            """Silence."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(5)


def embed_on(origin: str) -> None:
    """Name the site, away from the event loop of the browser: constance would answer with promises there."""

    def name() -> None:
        config.EMBED_ORIGINS = origin
        connection.close()

    with ThreadPoolExecutor(1) as away_from_the_event_loop:
        away_from_the_event_loop.submit(name).result()


def frame_of(page: Page) -> Frame:
    handle = page.locator("iframe[title=Scorecard]").element_handle()
    frame = handle.content_frame()
    assert frame
    return frame


def fits(page: Page) -> None:
    """The frame is as high as what is in it: nothing to scroll inside."""
    page.wait_for_function(
        "() => { const frame = document.querySelector('iframe'); return frame.offsetHeight !== 600; }"
    )
    inside = frame_of(page)
    inside.wait_for_function(
        "() => Math.abs(document.body.getBoundingClientRect().height - innerHeight) <= 2"
    )


def test_a_whole_assessment_in_the_frame(
    chrome: Browser, live_server: LiveServer, site: str, definition: Definition
) -> None:
    assert site.split(":")[1] != live_server.url.split(":")[1], "another site, not another port"
    embed_on(site)
    with silent_page(chrome) as page:
        page.goto(f"{site}/?utm_source=partner")
        frame = frame_of(page)
        frame.get_by_role("button", name="Start the scorecard").click()
        for step in range(1, definition.total_steps + 1):
            frame.wait_for_url(f"**/embed/step/{step}/")
            fits(page)
            for radio in frame.locator("input[value=C]").all():
                radio.check()
            frame.get_by_role("button", name="See my score" if step == 4 else "Next step").click()
        frame.get_by_role("button", name="Skip, just show my score").click()
        frame.wait_for_url("**/embed/results/**")
        expect(frame.get_by_role("img", name="of 100").first).to_be_visible()
        fits(page)
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies(live_server.url)}
        assert cookies["assessment"]["sameSite"] == "None"
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assessment = Assessment.objects.get()
    assert (assessment.total_score, assessment.utm) == (40, {"utm_source": "partner"})


def test_on_the_ground_of_a_dark_page_the_form_is_dark_too(
    chrome: Browser, live_server: LiveServer, site: str, definition: Definition
) -> None:
    embed_on(site)
    context = chrome.new_context(color_scheme="null")  # nobody asks for dark: a real preference gives way too
    page = context.new_page()
    page.goto(f"{site}/night")
    frame_of(page).wait_for_function(
        "() => document.body.matches('.transparent') && matchMedia('(prefers-color-scheme: dark)').matches"
    )
    context.close()


def test_a_site_that_is_not_named_sees_nothing(
    chrome: Browser, live_server: LiveServer, site: str, definition: Definition
) -> None:
    embed_on("https://other.example")
    page = chrome.new_context().new_page()
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(site)
    assert frame_of(page).url.startswith("chrome-error:")
    page.context.close()
    assert VIOLATIONS.pop()  # the one that was expected
