"""An author builds a small questionnaire from nothing, and a prospect answers it on a phone."""

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
from scorecard.editing.changes import definition_of
from scorecard.models import Questionnaire, QuestionnaireVersion
from tests.browsers import silent_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]


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


def add_question(page: Page, text: str, type: str) -> None:
    page.get_by_role("link", name="Add a question").last.click()
    fill(page, text=text)
    page.locator("#id_type").select_option(type)
    page.get_by_role("button", name="Add", exact=True).click()


def build(page: Page) -> None:
    """One page, a choice and a text that a rule shows."""
    page.get_by_role("link", name="New questionnaire").click()
    fill(page, name="Door check", key="door_check")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="Texts and settings").click()
    fill(page, description="Two questions about your door.", estimated_time="1")
    save(page)
    page.get_by_role("link", name="Add a page").click()
    fill(page, name="Your door")
    page.get_by_role("button", name="Add", exact=True).click()
    fill(page, description="As it is today.", weight="1")
    for level in ("high", "medium", "low"):
        fill(
            page,
            **{
                f"recommendations__{level}__title": f"{level} advice",
                f"recommendations__{level}__description": "It pays.",
                f"recommendations__{level}__action_items": "Look at it.",
            },
        )
    save(page)
    add_question(page, "Is it locked?", "SINGLE_CHOICE")
    page.locator("#id_required").check()
    fill(page, **{"options-0-label": "No", "options-0-points": "0", "options-0-advice": "Lock it."})
    fill(page, **{"options-1-label": "Yes", "options-1-points": "10"})
    page.get_by_role("button", name="Down with Options 1").press("Enter")
    expect(page.locator("#id_options-0-label")).to_have_value("Yes")
    save(page)
    add_question(page, "Why is it open?", "TEXT")
    page.locator("#id_personal").select_option("no")
    save(page)
    page.get_by_role("link", name="Everybody").click()
    fill(page, message="So it is.", next_steps="Go home.")
    save(page)
    page.get_by_role("link", name="Add a rule").click()
    page.locator("#id_action").select_option("SHOW")
    page.locator("#id_targets").select_option("why_is_it_open")
    page.locator("#id_lines-0-field").select_option("is_it_locked")
    fill(page, **{"lines-0-value": "No"})
    save(page)
    expect(page.get_by_text("If “Is it locked?” is “No”, show “Why is it open?”.")).to_be_visible()


def publish(page: Page, note: str) -> None:
    page.locator("#id_note").fill(note)
    page.get_by_role("button", name="Publish now").click()


def test_a_questionnaire_is_built_published_answered_and_restored(
    author: Page, chrome: Browser, live_server: LiveServer
) -> None:
    build(author)
    publish(author, "The first one.")
    expect(author.get_by_text("Version 1 is published.")).to_be_visible()
    versions.clear_caches()
    with silent_page(chrome, width=375) as phone:
        phone.goto(f"{live_server.url}/door_check/")
        phone.get_by_role("button", name="Start the scorecard").first.click()
        why = phone.locator("[data-question=why_is_it_open]")
        expect(why).to_be_hidden()
        phone.get_by_text("No", exact=True).click()
        expect(why).to_be_visible()
        phone.locator("#why_is_it_open").fill("It is warm.")
        phone.locator("form#step .actions button[type=submit]").first.click()
        phone.wait_for_load_state()
    assert Assessment.objects.filter(version__questionnaire__key="door_check").count() == 1
    author.get_by_role("link", name="Texts and settings").click()
    fill(author, name="Gate check")
    save(author)
    author.get_by_role("link", name="What changed since it was published").click()
    expect(author.get_by_text("name changed from “Door check” to “Gate check”")).to_be_visible()
    author.get_by_role("link", name="Back to Gate check").click()
    publish(author, "Another name.")
    author.get_by_role("button", name="Restore version 1").click()
    expect(author.get_by_text("Version 1 is live again, as version 3.")).to_be_visible()


def test_lines_are_dragged_into_another_order(author: Page) -> None:
    build(author)
    author.locator("#question-why_is_it_open .bo-handle").drag_to(
        author.locator("#question-is_it_locked .bo-handle")
    )
    author.wait_for_load_state()
    expect(author.locator(".bo-questions li").first).to_contain_text("Why is it open?")
    keys = [
        question.key
        for question in definition_of(Questionnaire.objects.get(key="door_check")).sections[0].questions
    ]
    assert keys == ["why_is_it_open", "is_it_locked"]
