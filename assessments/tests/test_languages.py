"""The language of a page: from its address, the browser's cookie, or what the browser prefers."""

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from assessments.models import AssessmentSession
from assessments.tests.browsing import Response, answer_step, finish, start
from scorecard.definition import Definition

pytestmark = pytest.mark.usefixtures("version")

STEP = reverse("assessments:step", args=[1])


def language(response: Response) -> str:
    assert f'<html lang="{response["Content-Language"]}"' in response.content.decode()
    return str(response["Content-Language"])


def test_a_page_speaks_english_to_whoever_says_nothing(client: Client) -> None:
    assert language(client.get("/")) == "en"


@pytest.mark.parametrize(
    ("preferred", "spoken"), [("de-AT,de;q=0.9,en;q=0.5", "de"), ("fr", "en"), ("x" * 600, "en")]
)
def test_a_page_speaks_what_the_browser_prefers(client: Client, preferred: str, spoken: str) -> None:
    assert language(client.get("/", headers={"accept-language": preferred})) == spoken


def test_the_address_of_a_page_chooses_and_the_choice_stays(client: Client) -> None:
    assert language(client.get("/?lang=de")) == "de"
    assert language(client.get("/", headers={"accept-language": "en"})) == "de"
    assert language(client.get("/?lang=en")) == "en"
    assert language(client.get("/")) == "en"


@pytest.mark.parametrize("unknown", ["xx", "fr", "", "de%00", "../de", "%F0%9F%98%80", "d" * 600])
def test_an_unknown_language_is_no_choice(client: Client, unknown: str) -> None:
    page = client.get(f"/?lang={unknown}")
    assert language(page) == "en"
    assert settings.LANGUAGE_COOKIE_NAME not in page.cookies


def test_the_cookie_of_the_choice_is_out_of_reach_of_scripts_and_of_other_sites(client: Client) -> None:
    cookie = client.get("/?lang=de").cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")


def test_whoever_chooses_nothing_gets_no_cookie(client: Client) -> None:
    assert settings.LANGUAGE_COOKIE_NAME not in client.get("/", headers={"accept-language": "de"}).cookies


def test_a_cache_keeps_the_languages_apart(client: Client) -> None:
    assert {"Accept-Language", "Cookie"} <= set(client.get("/").headers["Vary"].split(", "))


def test_every_page_links_to_itself_in_each_language(client: Client) -> None:
    page = client.get("/?utm_source=news&lang=de").content.decode()
    assert '<a href="/?utm_source=news&amp;lang=en" lang="en" hreflang="en">English</a>' in page
    assert 'lang="de" hreflang="de" aria-current="true">Deutsch</a>' in page


def test_the_landing_page_tells_search_engines_of_each_language(client: Client) -> None:
    page = client.get("/").content.decode()
    for code, address in [("de", "/?lang=de"), ("en", "/?lang=en"), ("x-default", "/")]:
        assert f'<link rel="alternate" hreflang="{code}" href="{settings.PUBLIC_URL}{address}">' in page


def test_another_language_keeps_page_and_answers(client: Client, definition: Definition) -> None:
    start(client)
    answer_step(client, definition, 1, "B")
    page = client.get(f"{STEP}?lang=de")
    assert {asked.answer for asked in page.context["questions"]} == {"B"}
    assert AssessmentSession.objects.count() == 1


def test_a_page_that_answers_a_form_can_be_read_in_another_language(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "C")
    result = reverse("assessments:results", args=[assessment.pk])
    page = client.post(f"{result}contact/", {"email": "no address"})
    assert 'href="' + f'{result}contact/?lang=de"' in page.content.decode()
    page = client.get(f"{result}contact/?lang=de", follow=True)
    assert page.redirect_chain == [(f"{result}?lang=de", 302)]
    assert language(page) == "de"


@override_settings(LANGUAGES=[("en", "English"), ("ar", "العربية")])
def test_a_language_from_right_to_left_turns_the_page(client: Client) -> None:
    assert '<html lang="ar" dir="rtl">' in client.get("/?lang=ar").content.decode()


def test_error_pages_speak_the_language_too(client: Client) -> None:
    assert language(client.get("/no/such/page/?lang=de")) == "de"
    assert language(client.get(STEP)) == "de"


def test_the_back_office_stays_english(operator: Client) -> None:
    operator.get("/?lang=de")
    page = operator.get(reverse("admin:index"), headers={"accept-language": "de"})
    assert '<html lang="en' in page.content.decode()
