"""The morning of a salesperson and of a sales lead, in a real browser: keys, phone, exports, figures."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.tests.people import logged_in, member
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.tests.factories import AssessmentFactory
from scorecard.models import QuestionnaireVersion
from tests.browsers import away, chromium, silent_page
from tests.looking import RULES, WCAG, WIDTHS, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/leads/lead/"
HIGHEST_CARD = 140  # pixels of a lead on a phone
RIGHT_EDGE = """Math.max(...[...document.querySelectorAll("#result_list thead th")]
  .map(cell => cell.getBoundingClientRect().right))"""
CARDS = """[...document.querySelectorAll("#result_list tbody tr")]
  .map(row => row.getBoundingClientRect().height)"""


@pytest.fixture
def leads(version: QuestionnaireVersion) -> list[Assessment]:
    """Ada finished last, Bob before that."""
    ada = AssessmentFactory.create(version=version, ada=True, answers="D", referrer_source="www.example.com")
    bob = AssessmentFactory.create(
        version=version, email="bob@example.com", first_name="Bob", last_name="Berg", company="B AG"
    )
    Assessment.objects.filter(pk=bob.pk).update(completed_at=timezone.now() - timedelta(minutes=20))
    return [ada, bob]


@pytest.fixture
def session(db: None) -> str:
    """Lea, who leads sales, is logged in."""
    return logged_in(member("Sales lead")).cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def page(live_server: LiveServer, leads: list[Assessment], session: str) -> Iterator[Page]:
    with chromium() as browser, silent_page(browser, width=1280) as page:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}{LIST}")
        yield page


def test_leads_are_worked_on_by_keys(page: Page) -> None:
    assert page.title().startswith("(2) ")
    for key in "jjk":
        page.keyboard.press(key)
    assert "Ada Lovelace" in page.locator("#result_list .bo-chosen").inner_text()
    page.keyboard.press("c")
    page.get_by_text("This lead is yours now.").wait_for()
    assert page.title().startswith("(1) ")
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_url("**#note")
    page.locator("#note:focus").wait_for()
    page.keyboard.type("Rang twice, back on Monday. j k c")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Rang twice, back on Monday. j k c").wait_for()
    assert "UTC" not in page.locator(".bo-notes time").first.inner_text() or page.evaluate(
        "new Date().getTimezoneOffset() === 0"
    )
    page.goto(page.url.split("/admin/")[0] + LIST + "?tab=all")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/change/**")


def test_the_list_refreshes_itself_but_repeats_no_search(page: Page) -> None:
    page.clock.install()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if is_fetch(request) else None)
    for query in ("?q=Lovelace", "?tab=all"):
        page.goto(page.url.split("?")[0] + query)
        page.clock.run_for(31_000)
    page.wait_for_function("true")
    assert [url.split("?")[1] for url in fetched] == ["tab=all"]


def is_fetch(request: Request) -> bool:
    return request.resource_type == "fetch"


def test_a_lead_on_a_phone_is_a_small_card_with_a_number_to_tap(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    page.goto(page.url + "?tab=all")
    assert [height for height in page.evaluate(CARDS) if height > HIGHEST_CARD] == []
    assert page.locator("#result_list a[href^='tel:']").first.is_visible()


@pytest.mark.parametrize("tab", ["call", "all"])
def test_every_column_of_the_list_is_in_sight_at_a_desk(page: Page, tab: str) -> None:
    page.goto(f"{page.url.partition('?')[0]}?tab={tab}")
    assert page.evaluate(RIGHT_EDGE) <= max(WIDTHS)


def test_who_objected_is_told_in_red_on_list_and_page(page: Page, leads: list[Assessment]) -> None:
    said = {Purpose.FOLLOW_UP: False}
    away(lambda: change_consent(leads[0].email or "", leads[:1], said, ConsentSource.STAFF))
    for path in ("?tab=all", f"{leads[0].pk}/change/"):
        page.goto(page.url.split("/admin/")[0] + LIST + path)
        colour = page.get_by_text("Objected: do not call").evaluate("it => getComputedStyle(it).color")
        red, green, blue = (int(part) for part in re.findall(r"\d+", colour))
        assert red > green + blue, (path, colour)


def test_the_brief_is_copied_by_a_key(page: Page, leads: list[Assessment]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{page.url}{leads[0].pk}/change/")
    page.get_by_role("button", name="Copy the brief").press("Enter")
    page.get_by_text("Copied", exact=True).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    brief = page.locator(".bo-say")
    for part in (*brief.locator("dt").all(), *brief.locator("dd").all(), *brief.locator("h3").all()):
        assert " ".join((part.text_content() or "").split()) in copied
    assert "Copy the brief" not in copied


NO_REGION = {"region": {"enabled": False}}  # the heading of Unfold's pages lies outside of their landmarks


def test_the_contents_of_the_figures_stay_in_sight_and_lead_to_each_table(
    page: Page, leads: list[Assessment]
) -> None:
    page.goto(page.url.split("/admin/")[0] + f"{LIST}figures/?compare=before")
    links = page.get_by_role("navigation", name="On this page").get_by_role("link")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for link in links.all():
            link.click()
            target = page.locator(str(link.get_attribute("href")))
            contents = links.first.evaluate("link => link.closest('nav').getBoundingClientRect().bottom")
            assert 0 < contents < 120
            assert target.evaluate("heading => heading.getBoundingClientRect().top") >= contents
        assert complaints(page, {"runOnly": {"type": "tag", "values": RULES}, "rules": NO_REGION}) == [], (
            width
        )


def test_list_lead_figures_and_exports_shut_nobody_out(page: Page, leads: list[Assessment]) -> None:
    base = page.url.split("/admin/")[0]
    for path in (
        f"{LIST}?tab=all",
        f"{LIST}{leads[0].pk}/change/",
        f"{LIST}figures/?compare=before",
        "/admin/exports/export/",
        "/admin/exports/export/leads/new/?tab=all",
    ):
        page.goto(base + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert complaints(page, {"runOnly": {"type": "tag", "values": WCAG}}) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
