"""What tests with a browser share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

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
