"""The page that documents the API, in a real browser."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browsers import chromium, silent_page


@pytest.mark.browser
def test_the_api_is_documented_on_a_page_that_keeps_to_our_content_policy(live_server: LiveServer) -> None:
    with chromium() as browser, silent_page(browser, width=1280) as page:
        page.goto(f"{live_server.url}/api/assessment/docs")
        expect(page.get_by_text("/api/assessment/save-progress")).to_be_visible()
