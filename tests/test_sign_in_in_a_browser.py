"""Signing in to the back office in a real browser: with and without scripts, by app and by passkey."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.test_second_factor import code_for
from tests.browsers import silent_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS, PASSWORD = "ada@example.com", "a fairly long password"
FACTORS = "/admin/account/second-factor/"
PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def server(live_server: LiveServer) -> str:
    """A site of its own name: browsers take passkeys for names only."""
    User.objects.create_superuser(ADDRESS, PASSWORD)
    return live_server.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, server: str) -> None:
    page.goto(f"{server}/admin/")
    page.locator("[name=login]").fill(ADDRESS)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def enrol(page: Page) -> str:
    """The key that the page shows, after its first code."""
    key = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill(code_for(key))
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="Continue to the back office").click()
    return key


def check_look(page: Page) -> None:
    """Nothing stands out at the width of a phone or a desk, and axe finds nothing."""
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="light")
    check_accessibility(page)
    page.emulate_media(color_scheme="dark")
    check_accessibility(page)


def check_accessibility(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def test_an_app_is_enrolled_and_asked_for_without_any_script(chrome: Browser, server: str) -> None:
    with silent_page(chrome, scripts=False) as page:
        sign_in(page, server)
        key = enrol(page)
        assert page.title().strip().startswith("Dashboard")
        page.context.clear_cookies()
        sign_in(page, server)
        page.locator("[name=code]").first.fill(code_for(key))
        page.get_by_role("button", name="Sign in").click()
        assert page.title().strip().startswith("Dashboard")


def test_a_passkey_signs_in(chrome: Browser, server: str) -> None:
    with silent_page(chrome, width=1280) as page:
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
        sign_in(page, server)
        page.get_by_role("link", name="Use a passkey or security key").click()
        page.get_by_role("button", name="Add").click()
        page.get_by_role("link", name="Continue to the back office").click()
        page.context.clear_cookies()
        sign_in(page, server)
        page.get_by_role("button", name="Use a passkey").click()
        page.wait_for_url(re.compile("/admin/$"))


def test_every_page_of_the_way_in_looks_right(chrome: Browser, server: str) -> None:
    with silent_page(chrome) as page:
        page.goto(f"{server}/admin/login/")
        check_look(page)
        page.goto(f"{server}/admin/account/password/reset/")
        check_look(page)
        sign_in(page, server)
        check_look(page)
        enrol(page)
        for path in ("", "recovery-codes/", "webauthn/add/", "recovery-codes/generate/", "totp/deactivate/"):
            page.goto(f"{server}{FACTORS}{path}")
            check_look(page)
        for path in ("password/change/", "sessions/", "reauthenticate/"):
            page.goto(f"{server}/admin/account/{path}")
            check_look(page)
        page.context.clear_cookies()
        sign_in(page, server)
        check_look(page)
