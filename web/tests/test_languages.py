"""The language of a page: from its address, the browser's cookie, or what the browser prefers."""

import html
import re
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from assessments.models import Assessment, AssessmentSession, Consent
from assessments.tests.browsing import Response, answer_step, finish, give_address, post_step, start
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
    assert {"Accept-Language", "Cookie"} <= set(client.get("/no/such/page/").headers["Vary"].split(", "))


def test_every_page_links_to_itself_in_each_language(client: Client) -> None:
    page = client.get("/?utm_source=news&lang=de").content.decode()
    assert '<a href="/?utm_source=news&amp;lang=en" lang="en" hreflang="en">English</a>' in page
    assert 'lang="de" hreflang="de" aria-current="true">Deutsch</a>' in page


@pytest.mark.parametrize("path", ["//evil.example/x", "/a%3Fb/"])
def test_a_link_to_another_language_stays_on_this_page(client: Client, path: str) -> None:
    page = client.get("/", PATH_INFO=unquote(path)).content.decode()
    here = path.replace("//", "/%2F", 1)
    assert f'<a href="{here}?lang=de" lang="de"' in page


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


def test_a_switch_on_a_step_keeps_what_was_chosen(client: Client) -> None:
    start(client)
    answer = post_step(client, 1, {"value_assurance_1": "B", "switch": "de"})
    assert (answer.status_code, answer["Location"]) == (302, f"{STEP}?lang=de")
    page = client.get(answer["Location"])
    assert language(page) == "de"
    assert [asked.answer for asked in page.context["questions"]] == ["B", None, None, None]


def test_a_switch_to_a_language_that_there_is_not_is_none(client: Client) -> None:
    start(client)
    switched = post_step(client, 1, {"switch": "../xx"})
    assert language(client.get(switched["Location"])) == "en"


def test_where_a_visitor_came_from_outlives_a_switch(client: Client) -> None:
    page = client.get("/?utm_source=news", headers={"referer": "https://news.example/a"}).content.decode()
    [switch] = re.findall(r'href="(/\?[^"]*lang=de)" lang', page)
    german = client.get(html.unescape(switch), headers={"referer": "http://testserver/?utm_source=news"})
    start(client, **german.context["origin"])
    assessment = Assessment.objects.get()
    assert (assessment.referrer_source, assessment.utm) == ("news.example", {"utm_source": "news"})


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


def test_the_back_office_speaks_what_the_browser_prefers(operator: Client) -> None:
    assert language(operator.get(reverse("admin:index"), headers={"accept-language": "de"})) == "de"
    assert language(operator.get(reverse("admin:index"))) == "en"


def test_staff_choose_their_language_and_return_to_their_page(operator: Client) -> None:
    page = reverse("admin:leads_lead_changelist") + "?tab=mine"
    assert 'name="language" value="de" lang="de"' in operator.get(page).content.decode()
    answer = operator.post(reverse("set_language"), {"language": "de", "next": page})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert language(operator.get(page)) == "de"
    operator.post(reverse("set_language"), {"language": "en", "next": page})
    assert language(operator.get(page, headers={"accept-language": "de"})) == "en"


@pytest.mark.parametrize(
    ("chosen", "next_page"), [("xx", "//evil.example/"), ("", ""), ("d" * 600, "javascript:1")]
)
def test_a_choice_of_no_language_changes_nothing_and_leads_nowhere_else(
    operator: Client, chosen: str, next_page: str
) -> None:
    answer = operator.post(reverse("set_language"), {"language": chosen, "next": next_page})
    assert (answer["Location"], answer.cookies.get(settings.LANGUAGE_COOKIE_NAME)) == (
        reverse("admin:index"),
        None,
    )


# What a page says in German


def test_pages_and_errors_are_german(client: Client, definition: Definition) -> None:
    page = client.get("/?lang=de").content.decode()
    assert "Fragebogen starten" in page
    assert "etwa 8 Minuten" in page
    start(client)
    page = client.get(f"{STEP}?check=1").content.decode()
    assert "4 Angaben brauchen Ihre Aufmerksamkeit" in page
    assert "Bitte wählen Sie eine Antwort." in page
    for step in range(1, definition.total_steps + 1):
        answer_step(client, definition, step, "B")
    page = give_address(client, "keine Adresse").content.decode()
    assert "Bitte geben Sie eine vollständige E-Mail-Adresse ein" in page


def test_dates_and_percentages_are_written_as_germans_do(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "C")
    Assessment.objects.update(completed_at="2026-11-21T12:00Z")
    page = client.get(reverse("assessments:results", args=[assessment.pk]), {"lang": "de"}).content.decode()
    assert "Ihr Ergebnis vom 21. November 2026" in page
    assert "25\xa0% der Gesamtpunktzahl" in page


def test_a_drawing_is_the_same_in_every_language(client: Client, definition: Definition) -> None:
    """A comma in a number of an SVG would break it."""
    assessment = finish(client, definition, "C")
    page = {
        code: client.get(f"/results/{assessment.pk}/?lang={code}").content.decode() for code in ("en", "de")
    }
    drawn = {
        code: re.findall(r'[\w-]+="[^"]*\d[^"]*"', without_labels(drawings(page[code]))) for code in page
    }
    assert drawn["en"] == drawn["de"]
    assert len(drawn["en"]) > 30
    places = re.findall(r' [xy]="([^"]*)"', drawings(page["de"]))
    assert [place for place in places if not re.fullmatch(r"-?[\d.]+", place)] == []


def drawings(page: str) -> str:
    return "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))


def without_labels(drawings: str) -> str:
    """They have as many lines as their words need."""
    return re.sub(r"<text.*?</text>", "", drawings, flags=re.DOTALL)


# What is remembered of the language


def test_the_language_of_an_assessment_is_that_of_the_page_it_began_on(client: Client) -> None:
    start(client)
    start(Client(headers={"accept-language": "de"}))
    assert set(Assessment.objects.values_list("language", flat=True)) == {"en", "de"}


def test_the_language_of_an_assessment_follows_its_visitor(client: Client, definition: Definition) -> None:
    start(client)
    client.get(f"{STEP}?lang=de")
    assert Assessment.objects.get().language == "de"


def test_consent_is_kept_in_the_words_that_were_read(client: Client, definition: Definition) -> None:
    contact = reverse("assessments:contact", args=[finish(client, definition, "B").pk])
    client.get(f"{STEP}?lang=de")
    english = {"email": "ada@engines.example", "consent": "marketing", "lang": "en"}
    client.post(contact, english)
    assert Consent.objects.get().text.startswith("Send me news")
    client.post(contact, english | {"email": "eda@engines.example", "lang": "de"})
    assert Consent.objects.latest("id").text.startswith("Senden Sie mir")


def test_errors_of_the_api_stay_english(client: Client) -> None:
    headers = {"accept-language": "de"}
    client.post("/api/assessment/start", "{}", content_type="application/json", headers=headers)
    body = {"step": 1, "responses": {}, "contact": {"email": "keine"}}
    answer = client.post(
        "/api/assessment/save-progress", body, content_type="application/json", headers=headers
    )
    assert answer.json()["error"]["details"]["fields"]["email"].startswith("Please enter a full")
