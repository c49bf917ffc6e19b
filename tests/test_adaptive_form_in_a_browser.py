"""Questions that appear and go as answers are given, with the script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import AssessmentSession
from assessments.tests.factories import VersionFactory
from files.tests.samples import PDF
from scorecard.models import QuestionnaireVersion
from scorecard.tests.examples import EVERYTHING, read_once
from tests.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("form")]


@pytest.fixture
def page(chrome: Browser, live_server: LiveServer, version: QuestionnaireVersion) -> Iterator[Page]:
    """The first step of a questionnaire with every type and rule, on a phone."""
    VersionFactory.create(content=read_once(EVERYTHING).definition())
    context = chrome.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/everything/")
    page.get_by_role("button", name="Start the scorecard").first.click()
    yield page
    context.close()


def test_questions_open_and_close_at_once_and_what_was_typed_arrives(page: Page) -> None:
    lead = page.locator("[data-question=lead]")
    page.locator("#name").fill("Phoenix")
    page.locator("#people").fill("200")
    expect(lead).to_be_hidden()
    page.locator("#people").fill("20")
    expect(lead).to_be_visible()
    page.locator("#story").fill("It rises.")
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality")
    kinds = page.locator("[data-question=kinds]")
    expect(kinds).to_be_hidden()
    page.locator("#tested-A").check()
    expect(kinds).to_be_visible()
    page.locator("#kinds-unit").check()
    page.locator("#kinds-none").check()
    expect(page.locator("#kinds-unit")).not_to_be_checked()
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    responses = AssessmentSession.objects.get().responses
    assert (responses["people"], responses["story"], responses["kinds"]) == (20, "It rises.", ["none"])


@pytest.mark.parametrize(
    ("language", "hundred", "thousand"), [("en", "100.0", "1,000"), ("de", "100,0", "1.000")]
)
def test_thousands_open_and_close_questions_as_the_page_groups_them(
    page: Page, language: str, hundred: str, thousand: str
) -> None:
    page.goto(f"{page.url}?lang={language}")
    page.locator("#people").fill(hundred)
    expect(page.locator("[data-question=lead]")).to_be_visible()
    page.locator("#people").fill(thousand)
    expect(page.locator("[data-question=lead]")).to_be_hidden()


def test_an_answer_that_closes_answered_questions_says_so(page: Page) -> None:
    page.locator("#people").fill("20")
    page.locator("#lead").fill("ada@engines.example")
    expect(page.locator("[data-closed]")).to_be_empty()
    page.locator("#people").fill("200")
    expect(page.locator("[data-closed]")).to_contain_text("closed questions that you had answered")


def test_a_table_counts_as_answered_once_each_row_is(page: Page) -> None:
    page.locator("#name").fill("Phoenix")
    page.locator("#people").fill("3")
    page.get_by_role("button", name="Next step").click()
    progress = page.locator("[data-progress]")
    page.locator("#parts-speed-good").check()
    expect(progress).to_contain_text("2 of ")
    page.locator("#parts-looks-good").check()
    expect(progress).to_contain_text("3 of ")


def test_every_type_reads_well_and_axe_finds_nothing(page: Page) -> None:
    look(page, "types-first")
    page.locator("#name").fill("Phoenix")
    page.locator("#people").fill("3")
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality")
    page.locator("#tested-A").check()
    look(page, "types-second")


def test_a_chosen_file_goes_with_the_page_and_is_kept(page: Page) -> None:
    page.locator("#name").fill("Phoenix")
    page.locator("#people").fill("3")
    page.locator("#plan").set_input_files({"name": "plan.pdf", "mimeType": "text/html", "buffer": PDF})
    page.get_by_role("button", name="Next step").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quality")
    page.get_by_role("button", name="Back").first.click()
    expect(page.get_by_text("Keep plan.pdf")).to_be_visible()
    assert AssessmentSession.objects.get().responses["plan"][0]["name"] == "plan.pdf"
