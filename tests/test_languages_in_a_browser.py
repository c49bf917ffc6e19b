"""Pages in other languages on a phone: long German words fit, and Arabic runs from right to left."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from scorecard.models import QuestionnaireVersion
from tests.browsers import silent_page
from tests.looking import keep_picture
from tests.test_pages_in_a_browser import finished_assessment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]

# Where the first of two things that stand side by side begins, from the left edge and from the right one.
SIDES = """([first, second]) => {
  const [one, other] = [first, second].map(name => document.querySelector(name).getBoundingClientRect());
  return one.left < other.left ? "from the left" : "from the right";
}"""


def fits(page: Page, name: str) -> None:
    """It does not scroll sideways, and nothing is cut off at the other edge."""
    keep_picture(page, f"pages/{name}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    outside = """[...document.querySelectorAll("main *, footer *")].filter(each => each.checkVisibility())
      .map(each => [each.outerHTML.slice(0, 99), each.getBoundingClientRect()])
      .filter(([, box]) => box.width && (box.left < -1 || box.right > innerWidth + 1))
      .map(([html]) => html)"""
    assert page.evaluate(outside) == [], name


@pytest.mark.parametrize(("language", "reads"), [("de", "from the left"), ("ar", "from the right")])
def test_pages_fit_and_run_in_the_direction_of_the_language(
    chrome: Browser,
    live_server: LiveServer,
    version: QuestionnaireVersion,
    settings: Settings,
    language: str,
    reads: str,
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ar", "العربية")]
    with silent_page(chrome) as page, ThreadPoolExecutor(1) as away_from_the_event_loop:
        page.goto(f"{live_server.url}/?lang={language}")
        fits(page, f"landing-{language}")
        page.locator("form.start button").first.click()
        expect(page.locator("progress")).to_be_visible()
        page.locator("input[type=radio]").first.check()
        fits(page, f"step-{language}")
        assert page.evaluate(SIDES, [".languages li:nth-child(1)", ".languages li:nth-child(2)"]) == reads
        token, assessment = away_from_the_event_loop.submit(finished_assessment, version, "C").result()
        open_result(page, live_server, token)
        page.goto(f"{live_server.url}/results/{assessment}/")
        fits(page, f"results-{language}")
        assert page.evaluate(SIDES, [".area h3", ".area-score"]) == reads
        links = page.locator(".languages a")
        assert [link.get_attribute("lang") for link in links.all()] == ["en", "de", "ar"]


def open_result(page: Page, live_server: LiveServer, token: str) -> None:
    page.context.add_cookies(
        [{"name": settings.ASSESSMENT_COOKIE_NAME, "value": token, "url": live_server.url}]
    )
