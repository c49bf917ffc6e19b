"""One step of the form with its script: saving, losing the connection, keys, two tabs."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from constance import config
from django.db import connection
from playwright.sync_api import Browser, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.bots import proof
from assessments.models import AssessmentSession
from scorecard.definition import Definition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]


@pytest.fixture
def page(chrome: Browser, live_server: LiveServer, definition: Definition) -> Iterator[Page]:
    """The first step of a new assessment."""
    context = chrome.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_role("button", name="Start the scorecard").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield page
    context.close()


def choose(page: Page, number: int, option: str) -> None:
    page.locator(".question").nth(number).locator(f"input[value={option}]").check()


def chosen(page: Page) -> list[str | None]:
    return [radio.get_attribute("value") for radio in page.locator("input[type=radio]:checked").all()]


def on_the_server() -> dict[str, str]:
    responses: dict[str, str] = AssessmentSession.objects.get().responses
    return responses


def state(page: Page, what: str) -> None:
    expect(page.locator(f"[data-save-state={what}]")).to_be_visible()


def on_step(page: Page, number: int) -> None:
    expect(page).to_have_url(re.compile(f"/step/{number}/$"))


def test_an_answer_is_saved_as_it_is_given(page: Page) -> None:
    choose(page, 0, "B")
    state(page, "saved")
    assert list(on_the_server().values()) == ["B"]


def test_answers_given_without_a_connection_are_saved_when_it_is_back(page: Page) -> None:
    page.context.set_offline(True)
    choose(page, 0, "B")
    choose(page, 1, "C")
    state(page, "offline")
    page.context.set_offline(False)
    state(page, "saved")
    assert list(on_the_server().values()) == ["B", "C"]


def test_without_a_connection_next_stays_on_the_page(page: Page) -> None:
    for number in range(page.locator(".question").count()):
        choose(page, number, "A")
    state(page, "saved")
    page.context.set_offline(True)
    page.get_by_role("button", name="Next step").click()
    state(page, "offline")
    page.context.set_offline(False)
    state(page, "saved")
    page.get_by_role("button", name="Next step").click()
    on_step(page, 2)


def test_answers_outlive_a_page_that_was_closed_without_a_connection(page: Page, chrome: Browser) -> None:
    page.context.set_offline(True)
    choose(page, 0, "D")
    state(page, "offline")
    # What the device keeps is opened elsewhere: the page itself, once closed, may yet save what it holds.
    again = chrome.new_context(storage_state=page.context.storage_state())
    assert on_the_server() == {}
    other = again.new_page()
    other.goto(page.url)
    state(other, "restored")
    assert list(on_the_server().values()) == ["D"]
    again.close()


def test_whoever_leaves_with_something_unsaved_is_asked(page: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.context.set_offline(True)
    choose(page, 0, "D")
    state(page, "offline")
    page.close(run_before_unload=True)
    page.wait_for_event("close")
    assert asked == ["beforeunload"]


def test_a_letter_answers_the_first_open_question(page: Page) -> None:
    for key in ("b", "d"):
        page.keyboard.press(key)
        page.evaluate("document.activeElement.blur()")
    assert chosen(page) == ["B", "D"]
    state(page, "saved")


def test_progress_counts_answers_and_the_button_leads_to_what_is_left(page: Page) -> None:
    expect(page.get_by_text("0 of 16 answered")).to_be_visible()
    choose(page, 0, "A")
    choose(page, 2, "A")
    expect(page.get_by_text("2 of 16 answered")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 2)
    page.get_by_role("button", name="Next step · 2 left").click()
    expect(page.locator(".question").nth(1).locator("input[type=radio]").first).to_be_focused()
    on_step(page, 1)
    choose(page, 1, "A")
    choose(page, 3, "A")
    expect(page.get_by_role("button", name="Next step", exact=True)).to_be_visible()


def test_the_next_open_question_comes_into_view_for_fingers_and_not_for_keys(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    second = page.locator(".question").nth(1)
    page.locator("input[type=radio]").first.focus()
    at = page.evaluate("scrollY")
    page.keyboard.press("a")
    assert page.evaluate("scrollY") == at
    choose(page, 0, "B")
    expect(second).to_be_in_viewport(ratio=0.5)


def test_the_letters_can_be_switched_off(page: Page) -> None:
    page.get_by_label("Keys:").uncheck()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("b")
    assert chosen(page) == []


def test_the_whole_step_goes_by_keys(page: Page) -> None:
    page.locator("input[type=radio]").first.focus()
    for key in ("b", "3", "a", "e"):
        page.keyboard.press(key)
        page.keyboard.press("Enter")
    assert chosen(page) == ["B", "C", "A", "E"]
    page.keyboard.press("Enter")  # on "Next step"
    on_step(page, 2)


def test_arrows_move_between_answers(page: Page) -> None:
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == ["C"]
    state(page, "saved")  # or the next test begins while this one is still being written


def test_choosing_does_not_move_the_page(page: Page) -> None:
    page.evaluate("scrollTo(0, 300)")
    page.locator(".question").nth(1).locator("input[value=C]").evaluate("radio => radio.click()")
    state(page, "saved")
    assert page.evaluate("scrollY") == 300


def test_two_tabs_lose_nothing(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    choose(page, 0, "A")
    choose(other, 1, "B")
    state(page, "saved")
    state(other, "saved")
    assert sorted(on_the_server().values()) == ["A", "B"]


def test_a_session_that_ended_is_told(page: Page) -> None:
    AssessmentSession.objects.all().delete()
    choose(page, 0, "A")
    state(page, "expired")
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", name="Your session has ended")).to_be_visible()


def test_a_page_of_an_earlier_assessment_leads_to_the_newer_one(page: Page) -> None:
    choose(page, 0, "A")
    state(page, "saved")
    other = page.context.new_page()
    other.goto(page.url.replace("/step/1/", "/resume/"))
    other.get_by_role("button", name="Start over").click()
    on_step(other, 1)
    choose(page, 1, "B")
    state(page, "other")
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", name="A newer scorecard is open in this browser")).to_be_visible()
    assert AssessmentSession.objects.latest("started_at").responses == {}


def test_back_and_forward_keep_the_answers(page: Page) -> None:
    for number in range(page.locator(".question").count()):
        choose(page, number, "B")
    page.get_by_role("button", name="Next step").click()
    on_step(page, 2)
    page.go_back()
    assert set(chosen(page)) == {"B"}
    page.go_forward()
    on_step(page, 2)
    elsewhere = dict.fromkeys(on_the_server(), "C")
    AssessmentSession.objects.update(responses=elsewhere)
    page.go_back()
    on_step(page, 1)
    assert set(chosen(page)) == {"C"}, "what the server has, not what this browser remembers"


def test_a_page_that_the_browser_kept_shows_what_the_server_has(page: Page) -> None:
    """The event is that of a page taken out of the store of browsers, which Playwright switches off."""
    choose(page, 0, "A")
    state(page, "saved")
    AssessmentSession.objects.update(responses=dict.fromkeys(on_the_server(), "C"))
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert set(chosen(page)) == {"C"}


def focus(page: Page) -> dict[str, str]:
    """Name and type of what has the focus."""
    found: dict[str, str] = page.evaluate(
        "() => ({ name: document.activeElement.name ?? '', type: document.activeElement.type ?? '' })"
    )
    return found


def test_a_whole_assessment_by_the_keyboard_alone(page: Page, definition: Definition) -> None:
    passed = []
    for step in range(1, definition.total_steps + 1):
        on_step(page, step)
        while focus(page)["type"] != "radio":
            page.keyboard.press("Tab")
        for _ in range(page.locator(".question").count()):
            page.keyboard.press("b")
            page.keyboard.press("Enter")
        for _ in range(12 if step == 1 else 0):
            page.keyboard.press("Shift+Tab")
            passed.append(focus(page)["name"])
        page.locator("#step .actions button").first.focus()
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Skip, just show my score").press("Enter")
    expect(page.get_by_role("img", name="60 of 100").first).to_be_visible()
    assert "homepage" not in passed, "the hidden field is in the way of the Tab key"


def test_back_from_the_result_leads_past_an_error_without_sending_the_form_again(
    page: Page, live_server: LiveServer, definition: Definition
) -> None:
    AssessmentSession.objects.update(responses=dict.fromkeys(definition.questions, "B"))
    page.goto(f"{live_server.url}/address/")
    page.get_by_label("E-mail address").fill("nobody@")
    page.get_by_role("button", name="Show my result").click()
    expect(page.get_by_text("Please enter a full e-mail address")).to_be_visible()
    page.wait_for_load_state()  # its script has run
    page.get_by_role("button", name="Skip, just show my score").click()
    expect(page).to_have_url(re.compile("/results/"))
    page.go_back()
    expect(page.get_by_role("img", name="60 of 100").first).to_be_visible()


def test_the_hidden_field_is_out_of_the_way_of_people_and_of_autofill(page: Page) -> None:
    field = page.locator("input[name=homepage]")
    assert field.get_attribute("autocomplete") == "off"
    assert page.get_by_role("textbox").count() == 0, "for a screen reader there is none"
    box = field.locator("xpath=../..").bounding_box()
    assert box
    assert box["width"] <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_proof_of_work_is_done_while_people_read(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "MOST", 500)

    def ask_for_it() -> None:
        config.PROOF_OF_WORK_ENABLED = True
        connection.close()

    with ThreadPoolExecutor(1) as away_from_the_event_loop:
        away_from_the_event_loop.submit(ask_for_it).result()
    page.reload()
    expect(page.locator("input[name=proof]")).to_have_value(re.compile(r"^\d+$"))
    assessment = AssessmentSession.objects.get().assessment.pk
    assert proof.is_proven(assessment, page.locator("input[name=proof]").input_value())
