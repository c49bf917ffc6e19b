"""Pages that few people meet, held against the same as all others: tests/looking.py."""

import pytest
from constance import config
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import Assessment, AssessmentSession, Invitation, PrivacyLink
from scorecard import versions
from scorecard.models import QuestionnaireVersion
from tests.browsers import away
from tests.looking import look
from tests.test_pages_in_a_browser import finish, start

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]


def key_to(assessment: Assessment, **whose: str) -> str:
    """Where the link of a mail leads."""
    return reverse("privacy:open", args=[PrivacyLink.objects.make(assessment, **whose)])


def test_pages_of_ones_own_data(page: Page, live_server: LiveServer, version: QuestionnaireVersion) -> None:
    page.goto("/privacy/")
    look(page, "privacy")
    page.goto("/privacy/yours/")
    look(page, "privacy-no-key")
    finish(page, live_server, version, "C")
    page.locator("#contact [name=email]").fill("ada@engines.example")
    page.locator("#contact button").click()
    expect(page.get_by_role("heading", name="Recommendations, most urgent first")).to_be_visible()
    page.reload()
    page.locator("form[action*=from-result] button").click()
    expect(page).to_have_url(f"{live_server.url}/privacy/yours/")
    look(page, "privacy-yours")
    page.locator("form[action*=correct] [name=email]").fill("not an address")
    page.locator("form[action*=correct] button").click()
    expect(page.locator("#correct [aria-invalid=true]")).to_be_visible()
    look(page, "privacy-errors")
    assessment = Assessment.objects.get()
    page.goto(key_to(assessment, address="ada@engines.example"))
    page.get_by_label("Yes, erase my data.").check()
    page.get_by_role("button", name="Erase my data now").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is being erased everywhere")
    look(page, "privacy-erased")
    page.goto(key_to(assessment))
    expect(page.get_by_role("heading", level=1)).to_contain_text("We no longer store anything about you")
    look(page, "privacy-nothing-left")


def test_pages_in_a_frame(page: Page, live_server: LiveServer, version: QuestionnaireVersion) -> None:
    away(lambda: setattr(config, "EMBED_ORIGINS", "https://partner.example"))
    page.goto("/embed/")
    look(page, "embedded-landing")
    page.goto("/embed/step/1/")
    look(page, "embedded-nothing-to-resume")
    page.goto("/embed/")
    page.locator("form.start button").first.click()
    expect(page.locator("body.embedded progress")).to_be_visible()
    look(page, "embedded-step")
    page.context.clear_cookies()
    finish(page, live_server, version, "C")
    page.goto(page.url.replace("/results/", "/embed/results/"))
    expect(page.locator("body.embedded .gauge")).to_be_visible()
    look(page, "embedded-results")
    page.goto("/embed/")
    page.locator("input[name=csrfmiddlewaretoken]").first.evaluate("field => field.remove()")
    page.locator("form.start button").first.click()
    look(page, "embedded-without-cookies")


def test_pages_that_refuse(
    page: Page,
    live_server: LiveServer,
    version: QuestionnaireVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away(lambda: setattr(config, "LIMIT_STARTS_PER_HOUR", 1))
    start(page)
    page.locator("input[name=csrfmiddlewaretoken]").evaluate("field => field.remove()")
    page.get_by_role("button", name="Next").click()
    look(page, "forged")
    page.context.clear_cookies()
    start(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Please wait")
    look(page, "too-many-requests")
    finish(page, live_server, version, "C")
    AssessmentSession.objects.all().delete()
    page.reload()
    look(page, "results-closed")

    def fail(key: str) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(versions, "current", fail)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("went wrong on our side")
    look(page, "failure")


def test_the_result_in_german(page: Page, live_server: LiveServer, version: QuestionnaireVersion) -> None:
    page.goto("/?lang=de")
    finish(page, live_server, version, "C")
    assert page.locator("html").get_attribute("lang") == "de"
    look(page, "results-german")
    page.locator("#contact [name=email]").fill("keine Adresse")
    page.locator("#contact button").click()
    expect(page.locator("#contact [aria-invalid=true]")).to_be_focused()
    look(page, "results-errors-german")


def test_colleagues_are_asked_and_compared(
    page: Page, live_server: LiveServer, version: QuestionnaireVersion
) -> None:
    finish(page, live_server, version, "C")
    page.get_by_role("button", name="Invite colleagues").click()
    link = page.get_by_label("The link for your colleagues").input_value()
    averages = {key: [1, 50] for key in ("", "value_assurance", "customer_safe")}
    away(lambda: Invitation.objects.update(averages=averages))
    page.reload()
    expect(page.get_by_role("table", name="Your scores")).to_contain_text("about 50")
    look(page, "results-colleagues")
    page.goto(link)
    expect(page.get_by_role("link", name="See your result")).to_be_visible()
    page.context.clear_cookies()
    page.reload()
    look(page, "invitation")
    page.get_by_role("button", name="Start, and count me in").click()
    expect(page.locator("fieldset.question").first).to_be_visible()
