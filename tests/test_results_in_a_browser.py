"""What only a browser shows of a result: details without losing the place, links, time for a question."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from assessments.models import AssessmentSession
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from tests.browsers import silent_page
from tests.looking import look
from tests.test_pages_in_a_browser import finish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]


@pytest.fixture
def page(chrome: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 375, "height": 800}, base_url=live_server.url)
    yield context.new_page()
    context.close()


def test_contact_details_are_saved_without_losing_the_place(
    page: Page, live_server: LiveServer, version: QuestionnaireVersion
) -> None:
    finish(page, live_server, version, "C")
    page.evaluate("window.stayed = true")
    address, button = page.locator("#contact [name=email]"), page.locator("#contact button")
    address.fill("not an address")
    button.click()
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_be_focused()
    page.context.set_offline(True)
    address.fill("ada@engines.example")
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("no connection")
    expect(address).to_have_value("ada@engines.example")
    page.context.set_offline(False)
    button.dblclick()
    expect(page.get_by_role("heading", name="Recommendations, most urgent first")).to_be_visible()
    expect(page.locator("#contact [role=status]")).to_be_focused()
    assert page.evaluate("window.stayed")


def test_a_link_to_share_is_made_opened_and_withdrawn(
    page: Page, live_server: LiveServer, version: QuestionnaireVersion, settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    finish(page, live_server, version, "C")
    page.get_by_role("button", name="Make a link").click()
    url = page.get_by_label("Your link").input_value()
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()
    other = page.context.new_page()
    other.goto(url)
    look(other, "shared")
    page.get_by_role("button", name="Withdraw the link").click()
    expect(page.get_by_role("button", name="Make a link")).to_be_visible()
    other.goto(url)
    look(other, "link-closed")


def test_neither_another_language_nor_a_link_to_continue_loses_an_answer_without_a_script(
    chrome: Browser, live_server: LiveServer, definition: Definition, settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    with silent_page(chrome, scripts=False) as page:
        page.goto(live_server.url)
        page.get_by_role("button", name="Start the scorecard").click()
        page.locator("input[value=B]").first.check()
        for name, code in (("Deutsch", "de"), ("English", "en")):
            page.get_by_role("button", name=name).click()
            expect(page.locator("html")).to_have_attribute("lang", code)
        page.get_by_role("button", name="Continue on another device").click()
        page.get_by_label("E-mail address").fill("ada@engines.example")
        page.get_by_role("button", name="Send me the link").click()
        expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    assert list(AssessmentSession.objects.get().responses.values()) == ["B"]


def test_the_visible_time_before_an_answer_is_the_time_of_its_question(
    page: Page, definition: Definition
) -> None:
    page.clock.install()
    page.goto("/")
    page.get_by_role("button", name="Start the scorecard").click()
    page.wait_for_url("**/step/1/")  # its own clock begins there
    first, second, *_ = definition.sections[0].questions
    page.clock.fast_forward(7_000)
    page.locator(f"#{first.key}-B").check()
    page.clock.fast_forward(3_000)
    page.locator(f"#{second.key}-B").check()
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    spent = AssessmentSession.objects.get().time_spent
    assert 7 <= spent[first.key] < 3600
    assert spent[second.key] >= 3
    assert set(spent) == {first.key, second.key}
