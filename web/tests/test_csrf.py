"""Forms of browsers that withhold where they come from."""

import re

import pytest
from django.middleware import csrf
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CsrfViewMiddleware
from django.test import Client
from django.utils.module_loading import import_string
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from web.csrf import masked_secret

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version")]


@pytest.fixture
def browser() -> Client:
    """Over HTTPS, with the checks that tests usually skip."""
    return Client(enforce_csrf_checks=True)


def start(browser: Client, **headers: str) -> tuple[int, str]:
    page = browser.get("/", secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    data = {"csrfmiddlewaretoken": token[1]}
    answer = browser.post("/start/", data, secure=True, headers=headers)
    return answer.status_code, answer.content.decode()


def test_without_referer_and_origin_a_same_origin_form_is_accepted(browser: Client) -> None:
    assert start(browser, **{"sec-fetch-site": "same-origin"})[0] == 302


def test_an_opaque_origin_is_accepted_from_our_own_pages(browser: Client) -> None:
    assert start(browser, **{"sec-fetch-site": "same-origin", "origin": "null"})[0] == 302


def test_a_page_masks_its_token_anew_and_each_of_them_is_accepted(browser: Client) -> None:
    pages = [browser.get("/", secure=True).content.decode() for _ in range(2)]
    tokens = [re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', page)[0] for page in pages]
    assert tokens[0] != tokens[1]
    headers = {"referer": "https://testserver/"}
    for token in tokens:
        answer = browser.post("/start/", {"csrfmiddlewaretoken": token}, secure=True, headers=headers)
        assert answer.status_code == 302


def test_the_api_gives_the_token_of_the_cookie(browser: Client) -> None:
    """It is not masked: no reply of the API is compressed."""
    started = browser.post("/api/assessment/start", "{}", content_type="application/json", secure=True)
    assert started.json()["csrfToken"] == browser.cookies["csrftoken"].value


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_a_form_of_any_other_page_is_refused(browser: Client, site: str) -> None:
    assert start(browser, **{"sec-fetch-site": site})[0] == 403
    assert start(browser, **{"sec-fetch-site": site, "origin": "null"})[0] == 403


def test_a_foreign_origin_is_refused_whatever_else_it_says(browser: Client) -> None:
    assert start(browser, **{"sec-fetch-site": "same-origin", "origin": "https://evil.example"})[0] == 403


def test_without_the_token_a_same_origin_form_is_refused(browser: Client) -> None:
    answer = browser.post("/start/", secure=True, headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 403


def test_the_page_names_the_withheld_headers(browser: Client) -> None:
    status, page = start(browser)
    assert status == 403
    assert "neither Referer nor Origin" in page
    assert "allow cookies" not in page


def test_the_page_names_the_missing_cookie(browser: Client) -> None:
    page = browser.post("/start/", secure=True, headers={"sec-fetch-site": "same-origin"})
    assert "Your browser sent no cookie." in page.content.decode()


def test_every_request_passes_our_csrf_check(settings: Settings) -> None:
    """Django's own check of the settings is silenced, as it looks for its own class by name."""
    assert any(
        isinstance(middleware, type) and issubclass(middleware, CsrfViewMiddleware)
        for middleware in map(import_string, settings.MIDDLEWARE)
    )


@given(st.text(CSRF_ALLOWED_CHARS, min_size=32, max_size=32))
def test_django_takes_the_mask_off_a_token_as_it_takes_its_own(secret: str) -> None:
    tokens = [masked_secret(secret) for _ in range(2)]
    unmask = csrf._unmask_cipher_token  # type: ignore[attr-defined]  # not in the stubs
    assert [unmask(token) for token in tokens] == [secret, secret]
    assert tokens[0] != tokens[1]


def test_a_browser_without_a_token_gets_one_that_django_accepts(browser: Client) -> None:
    response = browser.post("/api/assessment/start", "{}", content_type="application/json", secure=True)
    assert response.cookies["csrftoken"].value == response.json()["csrfToken"]
    assert len(response.json()["csrfToken"]) == 32
