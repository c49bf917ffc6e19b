"""What tests of the whole product share: a browser, and the fixtures of HubSpot and mail."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from hubspot_sync.tests.conftest import account, fresh_limits, known_accounts  # noqa: F401  # fixtures
from mailings.tests.conftest import mailbox  # noqa: F401  # a fixture
from tests.browsers import VIOLATIONS, chromium


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One for all tests of a module. Playwright keeps an event loop, which Django takes for async code."""
    with pytest.MonkeyPatch.context() as patch, chromium() as browser:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser


@pytest.fixture(autouse=True)
def no_violation_of_the_content_policy() -> Iterator[None]:
    """Set up before all others, so looked at when every page is closed."""
    VIOLATIONS.clear()
    yield
    assert VIOLATIONS == []


@pytest.fixture
def page(chrome: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A phone whose console must stay silent; tests that need another page have one of their own."""
    context = chrome.new_context(viewport={"width": 375, "height": 800}, base_url=live_server.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type != "log" else None)
    yield page
    context.close()
    assert [words for words in said if "the server responded with a status of" not in words] == []
