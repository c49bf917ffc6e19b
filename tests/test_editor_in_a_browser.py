"""An author builds a questionnaire from nothing, and a prospect answers it on a phone."""

import os
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from scorecard import versions
from scorecard.content.loading import load_draft
from scorecard.editing.changes import definition_of
from scorecard.models import Questionnaire, QuestionnaireVersion
from scorecard.tests.examples import EVERYTHING, read_once
from tests.browsers import silent_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]

MORE = {  # script/test --deep has the author write these as well, for twelve questions in all
    "What is its colour?": "TEXT",
    "Who has a key?": "EMAIL",
    "Who made it?": "URL",
    "When was it hung?": "DATE",
    "How do you like it?": "SCALE",
    "What hangs on it?": "MULTIPLE_CHOICE",
    "How are its parts?": "MATRIX",
}
OPTIONS = {
    "SCALE": {"scale__min": "1", "scale__max": "5"},
    "MULTIPLE_CHOICE": {"options-0-label": "A bell", "options-1-label": "A wreath"},
    "MATRIX": {
        "rows-0-label": "Lock",
        "rows-1-label": "Hinges",
        "columns-0-label": "Good",
        "columns-1-label": "Bad",
    },
}
IS_LONG = os.environ.get("AUTHOR_IN_FULL") == "1"


@pytest.fixture
def author(chrome: Browser, live_server: LiveServer, version: QuestionnaireVersion) -> Iterator[Page]:
    """A content editor's browser, whose console must stay silent."""
    session = logged_in(member("Content editor")).cookies[settings.SESSION_COOKIE_NAME].value
    with silent_page(chrome, width=1280) as page:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page.goto(urljoin(live_server.url, reverse("admin:scorecard_questionnaire_changelist")))
        yield page


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save and go back").click()


def add_page(page: Page, name: str, **fields: str) -> None:
    page.get_by_role("link", name="Add a page").click()
    fill(page, name=name)
    page.get_by_role("button", name="Add", exact=True).click()
    fill(page, description="As it is today.", **fields)
    save(page)


def of(words: str, what: str) -> re.Pattern[str]:
    """The accessible name of what says, for the eye, `words` alone."""
    return re.compile(rf"^{re.escape(words)}\s*: {re.escape(what)}$")


def add_question(page: Page, section: str, text: str, type: str, **fields: str) -> None:
    page.get_by_role("link", name=of("Add a question", section)).click()
    fill(page, text=text)
    page.locator("#id_type").select_option(type)
    page.get_by_role("button", name="Add", exact=True).click()
    fill(page, **fields)


def add_rule(page: Page, action: str, target: str, field: str, operator: str, value: str) -> None:
    page.get_by_role("link", name="Add a rule").click()
    page.locator("#id_action").select_option(action)
    page.locator("#id_targets").select_option(target)
    page.locator("#id_lines-0-field").select_option(field)
    page.locator("#id_lines-0-operator").select_option(operator)
    fill(page, **{"lines-0-value": value})
    page.locator("#id_lines-0-value").blur()


def advice() -> dict[str, str]:
    words = {"title": "Look at it", "description": "It pays.", "action_items": "Call a locksmith."}
    return {
        f"recommendations__{level}__{name}": text
        for level in ("high", "medium", "low")
        for name, text in words.items()
    }


def build(page: Page) -> None:
    """Five questions on two pages, one of them a file."""
    page.get_by_role("link", name="New questionnaire").click()
    fill(page, name="Door check", key="door_check")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="Texts and settings").click()
    fill(page, description="Five questions about your door.", estimated_time="4")
    save(page)
    add_page(page, "You")
    add_page(page, "Your door", weight="1", **advice())
    for text in ("Is it locked?", "Is it new?"):
        add_question(page, "Your door", text, "SINGLE_CHOICE")
        page.locator("#id_required").check()
        fill(page, **{"options-0-label": "No", "options-0-points": "0", "options-0-advice": "Change it."})
        fill(page, **{"options-1-label": "Yes", "options-1-points": "10"})
        fill(page, **{"options-2-label": "I don't know"})
        page.locator("#id_options-2-unknown").check()
        page.get_by_role("button", name=of("Down", "Options 1")).press("Enter")
        expect(page.get_by_role("button", name=of("Down", "Options 2"))).to_be_focused()
        save(page)
    add_question(page, "You", "How many live there?", "NUMBER", validation__min="1", validation__max="99")
    page.locator("#id_personal").select_option("no")
    save(page)
    add_question(page, "You", "Tell us more.", "TEXTAREA")
    save(page)
    add_question(page, "You", "Have you a plan?", "FILE_UPLOAD", validation__acceptedTypes="pdf\npng")
    save(page)
    for text, kind in MORE.items() if IS_LONG else ():
        add_question(page, "You", text, kind, **OPTIONS.get(kind, {}))
        save(page)


def finish(page: Page) -> None:
    """Its bands and rules."""
    page.get_by_role("link", name="Everybody").click()
    fill(page, name="Safe", min_score="50", message="All is well.", next_steps="Go on.")
    save(page)
    page.get_by_role("link", name="Add a band").click()
    fill(page, name="At risk", min_score="0", max_score="49")
    page.get_by_role("button", name="Add", exact=True).click()
    fill(page, message="Not so well.", next_steps="Lock it.")
    save(page)
    add_rule(page, "SHOW", "tell_us_more", "how_many_live_there", "gte", "5")
    expect(page.get_by_text("If “How many live there?” is at least 5, show “Tell us more.”.")).to_be_visible()
    save(page)
    add_rule(page, "REQUIRE", "tell_us_more", "how_many_live_there", "gt", "50")
    save(page)
    add_rule(page, "HIDE", "is_it_new", "is_it_locked", "eq", "No")
    save(page)
    assert page.locator("li:has(.bo-bad)").all_text_contents() == []


def publish(page: Page, note: str) -> None:
    page.locator("#id_note").fill(note)
    page.get_by_role("button", name="Publish now").click()


def answer(phone: Page) -> None:
    more = phone.locator("[data-question=tell_us_more]")
    expect(more).to_be_hidden()
    phone.locator("#how_many_live_there").fill("6")
    phone.locator("#how_many_live_there").blur()
    expect(more).to_be_visible()
    phone.locator("#tell_us_more").fill("It is warm.")
    phone.locator("#have_you_a_plan").set_input_files(
        {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    forward = phone.locator("form#step .actions button[type=submit]")
    forward.first.click()
    phone.locator("[data-question=is_it_locked]").get_by_text("Yes", exact=True).click()
    phone.locator("[data-question=is_it_new]").get_by_text("No", exact=True).click()
    forward.first.click()
    phone.get_by_role("button", name="Skip, just show my score").click()
    expect(phone.get_by_text("All is well.")).to_be_visible()


def test_a_questionnaire_is_built_published_answered_and_restored(
    author: Page, chrome: Browser, live_server: LiveServer
) -> None:
    build(author)
    finish(author)
    publish(author, "The first one.")
    expect(author.get_by_text("Version 1 is published.")).to_be_visible()
    definition = versions.get(Questionnaire.objects.get(key="door_check").versions.get().pk).definition
    assert (len(definition.questions), len(definition.rules), len(definition.bands)) == (
        12 if IS_LONG else 5,
        3,
        2,
    )
    assert [option.id for option in definition.questions["is_it_new"].options] == list("BAC")
    versions.clear_caches()
    with silent_page(chrome, width=375) as phone:
        phone.goto(f"{live_server.url}/door_check/")
        phone.get_by_role("button", name="Start the scorecard").first.click()
        answer(phone)
    finished = Assessment.objects.get(version__questionnaire__key="door_check")
    assert (finished.total_score, finished.score_category) == (50, "all")
    author.get_by_role("link", name="Texts and settings").click()
    fill(author, name="Gate check")
    save(author)
    author.get_by_role("link", name="What changed since it was published").click()
    expect(author.get_by_text("name changed from “Door check” to “Gate check”")).to_be_visible()
    author.get_by_role("link", name="Back to Gate check").click()
    publish(author, "Another name.")
    author.get_by_role("button", name=of("Restore", "Version 1")).click()
    expect(author.get_by_text("Version 1 is live again, as version 3.")).to_be_visible()


def test_lines_are_dragged_into_another_order(author: Page) -> None:
    load_draft(read_once(EVERYTHING))
    author.reload()
    author.get_by_role("link", name="Everything that can be asked").click()
    author.locator("#question-story .bo-handle").drag_to(author.locator("#question-name .bo-handle"))
    expect(author.locator(".bo-questions li").first).to_contain_text("Tell us more.")
    sections = definition_of(Questionnaire.objects.get(key="everything")).sections
    assert [question.key for question in sections[0].questions][:2] == ["story", "name"]
