"""Every public page and state in real Chromium: tests/looking.py says what each is held against."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from constance import config
from django.conf import settings
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.lifecycle import services
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import AssessmentSession
from branding import logo
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from tests.looking import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]

WORDMARK = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 32">
<circle cx="16" cy="16" r="14" fill="#a01060"/>
<path d="M40 24l8-16 8 16m-13-5h10M66 8v16h6a8 8 0 0 0 0-16zM88 24l8-16 8 16m-13-5h10" fill="none"
stroke="#a01060" stroke-width="4"/></svg>"""


def start(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start the scorecard").click()


def answer(page: Page, option: str) -> None:
    for radio in page.locator(f"input[value={option}]").all():
        radio.check()


def finish(page: Page, live_server: LiveServer, version: QuestionnaireVersion, option: str) -> None:
    """Show a result of this browser; filling in the form is for tests of the form."""
    with ThreadPoolExecutor(1) as away_from_the_event_loop:
        token, assessment_id = away_from_the_event_loop.submit(finished_assessment, version, option).result()
    page.context.add_cookies(
        [{"name": settings.ASSESSMENT_COOKIE_NAME, "value": token, "url": live_server.url}]
    )
    page.goto(f"/results/{assessment_id}/")
    expect(page.get_by_role("img", name=re.compile("(of|von) 100")).first).to_be_visible()


def finished_assessment(version: QuestionnaireVersion, option: str) -> tuple[str, UUID]:
    """The token of an assessment with one answer to all questions, and its assessment."""
    published = versions.get(version.pk)
    started = services.start_assessment(published, Visitor())
    answers = dict.fromkeys(published.definition.questions, option)
    services.save_progress(started.session, step=published.definition.total_steps, answers=answers)
    assessment = submit_assessment(started.token)
    connection.close()
    return started.token, assessment.pk


def test_the_form_from_the_landing_page_to_the_first_steps(page: Page, definition: Definition) -> None:
    page.goto("/")
    look(page, "landing")
    start(page)
    look(page, "step")
    answer(page, "B")
    expect(page.locator("[data-save-state=saved]")).to_be_visible()
    look(page, "step-answered")
    page.goto("/resume/")
    look(page, "resume")
    page.goto("/")
    look(page, "landing-again")


def test_a_step_with_errors(page: Page, definition: Definition) -> None:
    start(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_be_focused()
    look(page, "step-errors")


def test_the_result_before_and_after_the_details(
    page: Page, live_server: LiveServer, version: QuestionnaireVersion
) -> None:
    finish(page, live_server, version, "C")
    for summary in page.locator(".answers summary").all():
        summary.click()
    look(page, "results")
    page.get_by_label("E-mail").first.fill("not an address")
    page.get_by_role("button", name="Show my recommendations").click()
    expect(page.locator("#contact [aria-invalid=true]")).to_be_focused()
    look(page, "results-errors")
    page.get_by_label("E-mail").first.fill("ada@engines.example")
    page.get_by_role("button", name="Show my recommendations").click()
    expect(page.get_by_role("heading", name="Recommendations, most urgent first")).to_be_visible()
    look(page, "results-unlocked")


def test_the_best_result(page: Page, live_server: LiveServer, version: QuestionnaireVersion) -> None:
    finish(page, live_server, version, "A")
    look(page, "results-best")


def test_pages_that_say_what_went_wrong(page: Page, definition: Definition) -> None:
    page.goto("/resume/")
    look(page, "nothing-to-resume")
    page.goto("/no/such/page/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("does not exist")  # and no page of DEBUG
    look(page, "not-found")
    start(page)
    AssessmentSession.objects.update(expires_at="2020-01-01T00:00Z")
    page.goto("/step/1/")
    look(page, "expired")


def test_pages_that_carry_a_brand(page: Page, definition: Definition) -> None:
    config.BRAND_NAME, config.BRAND_PRIMARY_LIGHT = "Ada & Partners", "#a01060"
    config.BRAND_PRIMARY_DARK = config.BRAND_ACCENT_DARK = "#f2a0c4"
    config.BRAND_LOGO = logo.parse_logo(WORDMARK).stored()
    config.BRAND_CONTACT, config.BRAND_POSTAL_ADDRESS = "hello@ada.example", "1 Engine Road, London"
    config.BRAND_FOOTER_LINKS = (
        "Imprint https://ada.example/imprint\nPrivacy policy https://ada.example/privacy"
    )
    page.goto("/")
    look(page, "branded")
    page.goto("/privacy/notice/")
    look(page, "privacy-notice")
    config.MAINTENANCE = True
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We are working on this site")
    look(page, "maintenance")


def test_the_form_is_not_open_yet(page: Page) -> None:
    page.goto("/")
    look(page, "nothing-published")
