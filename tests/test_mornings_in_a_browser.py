"""The morning of each role in a real browser: their first page, then what they do first."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.people import logged_in, member
from assessments.models import Assessment, SuppressedAddress
from assessments.tests.factories import AssessmentFactory
from conftest import CONTENT
from hubspot_sync.models import HubSpotErasure
from hubspot_sync.tests.factories import failed_item
from leads.models import EventKind, LeadEvent, LeadView, LeadWork
from leads.working import add_event, claim_leads
from operations.schedule.defaults import write_defaults
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.models import QuestionnaireVersion
from tests.browsers import away, silent_page
from tests.looking import COLOURS, WCAG, WIDTHS, complaints, keep_picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("pages")]

PHONE, DESK = WIDTHS
ON_A_PHONE = ("target-size", "scrollable-region-focusable")  # all else is there at a desk too
GRACE = "grace@compilers.example"
# The switch of the theme sets this class; colours fade from one to the other.
THEME = """async dark => {
  document.documentElement.classList.toggle("dark", dark);
  await Promise.all(document.getAnimations().map(each => each.finished));
}"""

SignIn = Callable[[str], Page]


@pytest.fixture
def ada(version: QuestionnaireVersion) -> Assessment:
    return away(lambda: AssessmentFactory.create(version=version, ada=True, answers="D"))


@pytest.fixture
def grace(version: QuestionnaireVersion) -> Assessment:
    return away(lambda: AssessmentFactory.create(version=version, email=GRACE, answers="A"))


@pytest.fixture
def sign_in(chrome: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """Open the home page of somebody with a role, in a browser whose console must stay silent."""
    with ExitStack() as pages:

        def open_home(role: str) -> Page:
            session = logged_in(member(role)).cookies[settings.SESSION_COOKIE_NAME].value
            page = pages.enter_context(silent_page(chrome, width=DESK))
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
            page.goto(urljoin(live_server.url, "/admin/"))
            return page

        yield open_home


def judge(page: Page, name: str, *, also_in_light: bool = True) -> None:
    """Complain about what shuts people out: in light, by its colours in dark, and by its size on a phone.

    Of pages that tests/test_backoffice_accessibility_in_a_browser.py judges in light only the dark is new.
    """
    for scheme in ("light", "dark"):
        page.evaluate(THEME, scheme == "dark")
        keep_picture(page, f"pages/morning-{name}-{scheme}")
        if scheme == "dark":
            complain(page, name, {"type": "rule", "values": COLOURS})
        elif also_in_light:
            complain(page, name, {"type": "tag", "values": WCAG})
    page.set_viewport_size({"width": PHONE, "height": 800})
    keep_picture(page, f"pages/morning-{name}-{PHONE}-dark")
    if also_in_light:
        complain(page, name, {"type": "rule", "values": ON_A_PHONE})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, name
    page.set_viewport_size({"width": DESK, "height": 800})
    page.evaluate(THEME, False)


def complain(page: Page, name: str, rules: dict[str, Any]) -> None:
    found = complaints(page, {"runOnly": rules})
    assert found == [], json.dumps([name, *found], indent=1)


def test_a_salesperson_calls_the_first_lead_and_plans_the_next_call(
    sign_in: SignIn, ada: Assessment, grace: Assessment
) -> None:
    page = sign_in("Sales")
    expect(page.get_by_role("heading", name="2 leads to call")).to_be_visible()
    judge(page, "sales-home")
    page.get_by_role("link", name="Ada Lovelace").click()
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_text("This lead is yours now.")).to_be_visible()
    page.get_by_label("Outcome").select_option("no_answer")
    today = timezone.localdate()
    page.get_by_label("Follow up on").fill(today.isoformat())
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    judge(page, "sales-lead-called")
    page.goto(urljoin(page.url, "/admin/"))
    expect(page.get_by_role("heading", name="1 lead to call")).to_be_visible()
    page.get_by_role("link", name="Follow up today").click()
    expect(page.locator("#result_list")).to_contain_text("Ada Lovelace")
    judge(page, "sales-follow-up")
    work = LeadWork.objects.get(pk=ada.pk)
    assert (work.outcome, work.follow_up_on) == ("no_answer", today)


def test_a_sales_lead_sees_the_team_hands_a_lead_on_and_shares_a_view(
    sign_in: SignIn, ada: Assessment, grace: Assessment
) -> None:
    sam = member("Sales")
    claim_leads([grace.pk], sam)
    page = sign_in("Sales lead")
    expect(page.locator("section", has=page.get_by_role("heading", name="The team"))).to_contain_text(
        sam.email
    )
    judge(page, "sales-lead-home")
    page.get_by_role("link", name="Open the call list").click()
    page.locator("#result_list input.action-select").first.check()
    page.locator("select[name=action]").select_option(label=f"Assign to {sam.get_full_name()}")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text(f"1 lead assigned to {sam.get_full_name()}.")).to_be_visible()
    assert LeadWork.objects.get(pk=ada.pk).owner == sam
    page.goto(urljoin(page.url, "/admin/leads/lead/?tab=all&phone=yes"))
    page.get_by_label("Name of this view").fill("With a phone")
    page.get_by_label("For the whole team").check()
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("Saved as “With a phone”.")).to_be_visible()
    judge(page, "sales-lead-view")
    assert LeadView.objects.get().is_shared


def test_an_author_changes_a_draft_previews_and_publishes_it(
    sign_in: SignIn, version: QuestionnaireVersion
) -> None:
    load_draft(read_questionnaire(CONTENT))
    page = sign_in("Content editor")
    judge(page, "author-home")
    page.get_by_role("link", name=str(version.definition["name"])).first.click()
    page.get_by_role("link", name="Texts and settings").click()
    page.locator("#id_name").fill("Morning Check")
    page.get_by_role("button", name="Save and go back").click()
    with page.expect_popup() as opened:
        page.locator("section", has=page.get_by_role("heading", name="Preview")).get_by_role(
            "link"
        ).first.click()
    expect(opened.value.locator("body")).to_contain_text("Morning Check")
    opened.value.close()
    page.locator("#id_note").fill("Another name.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text(f"Version {version.number + 1} is published.")).to_be_visible()
    judge(page, "author-published")


def test_a_privacy_officer_finishes_what_is_due_and_looks_who_saw_whom(
    sign_in: SignIn, ada: Assessment
) -> None:
    line = SuppressedAddress.objects.suppress(GRACE)
    SuppressedAddress.objects.update(erased_at=timezone.now() - timedelta(days=27))
    HubSpotErasure.objects.create(
        erasure=line, address=GRACE, status="failed", failure_cause="not_authorised_403"
    )
    add_event(ada.pk, EventKind.VIEWED, member("Sales"))
    page = sign_in("Privacy")
    expect(page.get_by_role("heading", name="1 erasure not yet confirmed by HubSpot")).to_be_visible()
    judge(page, "privacy-home")
    page.get_by_role("link", name="Erasures", exact=True).first.click()
    page.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("settle")
    page.get_by_role("button", name="Run").click()
    judge(page, "privacy-settle")
    page.get_by_label("I have made sure").check()
    page.get_by_role("button", name="Erased by hand").click()
    expect(page.get_by_text("1 erasure noted as done by hand.")).to_be_visible()
    page.get_by_role("link", name="Data map").first.click()
    expect(page.locator("#assessments")).to_be_visible()
    judge(page, "privacy-data-map", also_in_light=False)
    page.goto(urljoin(page.url, "/admin/"))
    expect(page.get_by_role("heading", name="No erasure is open")).to_be_visible()
    page.get_by_role("link", name="Person log", exact=True).click()
    expect(page.locator("#result_list")).to_contain_text("sales@example.com")
    judge(page, "privacy-person-log", also_in_light=False)
    page.goto(urljoin(page.url, "/admin/persons/"))
    page.get_by_label("E-mail address").fill("ada@engines.example")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_text("1 assessment with this address.")).to_be_visible()
    judge(page, "privacy-person")


def test_an_operator_sends_what_failed_again_and_runs_a_job(sign_in: SignIn, ada: Assessment) -> None:
    item = failed_item(ada)
    write_defaults(apps.get_app_config("django_celery_beat"))
    page = sign_in("Operator")
    expect(page.get_by_role("heading", name="1 lead needs a person")).to_be_visible()
    judge(page, "operator-home")
    page.get_by_role("link", name="Open the list").click()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("1 lead will be sent again now.")).to_be_visible()
    judge(page, "operator-queue", also_in_light=False)
    item.refresh_from_db()
    assert item.status == "waiting"
    page.goto(urljoin(page.url, "/admin/django_celery_beat/periodictask/"))
    page.locator("input.action-select").first.check()
    page.locator("select[name=action]").select_option("run_now")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_text("Sent to the workers:")).to_be_visible()
    judge(page, "operator-jobs", also_in_light=False)
    page.goto(urljoin(page.url, f"/admin/leads/lead/{ada.pk}/change/"))
    assert "Lovelace" not in page.content()
    assert not LeadEvent.objects.filter(kind=EventKind.VIEWED).exists()
