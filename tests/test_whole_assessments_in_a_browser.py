"""The whole form in real Chromium: by the mouse with all that happens on the way, by the keyboard alone
without a script. tests/test_journey.py goes without one on a phone.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Assessment
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.definition import Definition
from tests.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]

SKIP = "Skip to the content"  # lies over the head of the page while it has the focus

# What has the focus: where it is, how one sees that, and what covers it.
FOCUSED = """() => {
  const element = document.activeElement;
  const shown = element.closest("label") ?? element;
  const box = shown.getBoundingClientRect();
  const [x, y] = [Math.max(box.left + 1, box.left + box.width / 2), box.top + box.height / 2];
  const above = document.elementFromPoint(x, y);
  const outlines = [element, shown].map((each) => getComputedStyle(each))
    .filter((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  return {
    what: element.name || element.textContent.trim().replace(/\\s+/g, " ") || element.tagName,
    type: element.type ?? "",
    top: box.top + scrollY,
    outlined: outlines.length > 0,
    covered: !(above && (shown.contains(above) || above.contains(shown))),
  };
}"""


@contextmanager
def window(chrome: Browser, server: LiveServer, **options: Any) -> Iterator[Page]:
    """A browser of its own. Its console says nothing but that a page was refused, or the connection cut."""
    context = chrome.new_context(base_url=server.url, **options)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type != "log" else None)
    yield page
    context.close()
    assert [words for words in said if not words.startswith("Failed to load resource")] == []


@pytest.fixture
def desk(chrome: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A wide window in the dark."""
    with window(chrome, live_server, viewport={"width": 1280, "height": 800}, color_scheme="dark") as page:
        yield page


@pytest.fixture
def plain(chrome: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The same without JavaScript."""
    size = {"width": 1280, "height": 800}
    with window(chrome, live_server, viewport=size, color_scheme="dark", java_script_enabled=False) as page:
        yield page


def on_step(page: Page, number: int) -> None:
    expect(page).to_have_url(re.compile(rf"/step/{number}/(\?check=1)?(#.*)?$"))


def click_answers(questions: list[Locator], option: int = 1) -> None:
    for question in questions:
        question.locator("label.option").nth(option).click()


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state=saved]")).to_be_visible()


def next_step(page: Page) -> None:
    """By its button; after the last step the address is skipped."""
    button = page.get_by_role("button", name=re.compile("Next step|See my score"))
    is_last = button.inner_text() == "See my score"
    button.click()
    if is_last:
        page.get_by_role("button", name="Skip, just show my score").click()


def test_an_assessment_by_the_mouse_outlives_what_happens_on_the_way(
    desk: Page,
    chrome: Browser,
    live_server: LiveServer,
    definition: Definition,
    mailbox: Mailbox,
) -> None:
    """The connection is cut, a second tab answers too, back and forward, and a phone goes on by a link."""
    desk.goto("/")
    desk.get_by_role("button", name="Start the scorecard").click()
    questions = desk.locator(".question").all()
    click_answers(questions[:2])
    saved(desk)
    desk.context.set_offline(True)
    click_answers(questions[2:])
    next_step(desk)
    expect(desk.locator("[data-save-state=offline]")).to_be_visible()
    desk.context.set_offline(False)
    saved(desk)
    next_step(desk)
    on_step(desk, 2)

    tab = desk.context.new_page()
    tab.goto(desk.url)
    click_answers(desk.locator(".question").all()[:2])
    click_answers(tab.locator(".question").all()[2:])
    saved(desk)
    saved(tab)
    for each in (tab, desk):
        next_step(each)  # leads to what the other tab has answered
        on_step(each, 2)
        next_step(each)
        on_step(each, 3)
    tab.close()
    desk.go_back()
    on_step(desk, 2)
    desk.go_forward()
    on_step(desk, 3)

    desk.get_by_role("button", name="Continue on another device").click()
    desk.get_by_label("E-mail address").fill("nobody")
    desk.get_by_role("button", name="Send me the link").click()
    look(desk, "resume-by-mail")
    desk.get_by_label("E-mail address").fill("ada@engines.example")
    desk.get_by_role("button", name="Send me the link").click()
    expect(desk.get_by_role("heading", name="Check your inbox")).to_be_visible()
    look(desk, "resume-asked")
    link = mailed(mailbox)
    with window(chrome, live_server, viewport={"width": 375, "height": 800}) as phone:
        phone.goto(link)
        expect(phone.get_by_text("8 of 16 questions are answered")).to_be_visible()
        look(phone, "continue")
        phone.get_by_role("button", name="Continue on this device").click()
        for step in (3, 4):
            on_step(phone, step)
            click_answers(phone.locator(".question").all())
            next_step(phone)
        expect(phone.get_by_role("img", name="60 of 100").first).to_be_visible()
    desk.goto("/resume/")
    expect(desk.get_by_role("heading", name="Your session has ended")).to_be_visible()
    desk.goto(link)
    expect(desk.get_by_role("heading", name="This scorecard is finished")).to_be_visible()
    look(desk, "continue-closed")
    assert set(Assessment.objects.get().responses.values()) == {"B"}


def send() -> None:
    send_due()
    connection.close()


def mailed(mailbox: Mailbox) -> str:
    """The path of the link in the only mail, sent away from the event loop of the browser."""
    with ThreadPoolExecutor(1) as away_from_the_event_loop:
        away_from_the_event_loop.submit(send).result()
    [mail] = mailbox.mails
    found = re.search(r"https://check.example.com(/continue/\S+)", text_of(mail))
    assert found
    return found[1]


def tab_to(page: Page, wanted: str) -> list[dict[str, Any]]:
    """Press Tab until this has the focus: each on the way was seen to have it, in the order of the page."""
    passed: list[dict[str, Any]] = []
    while not passed or not re.match(wanted, passed[-1]["what"]):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        assert len(passed) < 40, [each["what"] for each in passed]
    assert [each["what"] for each in passed if not each["outlined"] or each["covered"]] == []
    tops = [each["top"] for each in passed if each["what"] != SKIP]
    assert tops == sorted(tops), passed
    return passed


def test_an_assessment_by_the_keyboard_alone_without_a_script(plain: Page, definition: Definition) -> None:
    """Focus goes in the order of the page, is always seen, and stands on what is wrong."""
    plain.goto("/")
    assert tab_to(plain, "Start the scorecard")[0]["what"] == SKIP
    plain.keyboard.press("Enter")
    on_step(plain, 1)
    tab_to(plain, "Next step")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("alert")).to_be_focused()
    expect(plain).to_have_title(re.compile("^Error:"))
    for field in plain.locator(".question").all():
        expect(field).to_have_accessible_description(re.compile("Please choose an answer."))
        assert field.get_attribute("aria-invalid") == "true"
    plain.keyboard.press("Tab")  # the first link of the summary
    plain.keyboard.press("Enter")
    expect(plain.locator("input[type=radio]").first).to_be_focused()
    plain.keyboard.press("Shift+Tab")
    for step, section in enumerate(definition.sections, start=1):
        on_step(plain, step)
        for question in section.questions:
            tab_to(plain, question.key)
            plain.keyboard.press("Space")
            plain.keyboard.press("ArrowDown")
        tab_to(plain, "Next step|See my score")
        plain.keyboard.press("Enter")
    expect(plain).to_have_url(re.compile("/address/"))
    tab_to(plain, "Show my result")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("img", name="60 of 100").first).to_be_visible()
    tab_to(plain, "email")
    plain.keyboard.type("ada@engines.example")
    tab_to(plain, "Show my recommendations")
    plain.keyboard.press("Enter")
    expect(plain.get_by_role("heading", name="Recommendations, most urgent first")).to_be_visible()
    assert Assessment.objects.get().email == "ada@engines.example"
