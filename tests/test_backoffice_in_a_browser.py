"""The back office in a real browser: it keeps the content security policy, and unfold works under it."""

from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page, Response
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.people import logged_in
from assessments.models import Assessment
from audit.models import SystemLog
from hubspot_sync.models import DifferenceKind
from hubspot_sync.tests.factories import compared_run, failed_item
from scorecard.models import QuestionnaireVersion
from tests.browsers import chromium, silent_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What can be used on the page of settings and stands beyond the edge of its table, which scrolls.
CUT_OFF = """[...document.querySelectorAll(".constance :is(input:not([type=hidden]), textarea, button, a *)")]
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().right
    > each.closest("[data-simplebar]").getBoundingClientRect().right)
  .map(each => each.outerHTML.slice(0, 99))"""


@pytest.fixture
def paths(hot_lead: Assessment, version: QuestionnaireVersion) -> list[str]:
    """Every kind of page, each with something on it."""
    item = failed_item(hot_lead)
    log = SystemLog.objects.record("email_scrub", "Scrubbed", records_scrubbed={"assessments": 1})
    run = compared_run(DifferenceKind.CONTACT_GONE, lead=hot_lead)
    rows = {
        "leads_lead": hot_lead.pk,
        "hubspot_sync_syncqueueitem": item.pk,
        "hubspot_sync_reconciliation": run.pk,
        "scorecard_questionnaire": version.questionnaire_id,
        "scorecard_questionnaireversion": version.pk,
        "audit_systemlog": log.pk,
        "auth_group": Group.objects.get(name="Sales").pk,
    }
    lists = [reverse(f"admin:{name}_changelist") for name in rows]
    others = (
        "accounts_user_changelist",
        "accounts_user_add",
        "constance_config_changelist",
    )
    return [
        "/admin/",
        "/admin/data-map/",
        "/admin/password_change/",
        *lists,
        *(reverse(f"admin:{name}_change", args=[row]) for name, row in rows.items()),
        *(reverse(f"admin:{name}") for name in others),
    ]


@pytest.fixture
def session(db: None) -> str:
    admin = User.objects.create_superuser("admin@example.com")
    return logged_in(admin).cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def page(live_server: LiveServer, paths: list[str], session: str) -> Iterator[Page]:
    """An admin's browser whose console must stay silent."""
    with chromium() as browser, silent_page(browser, width=1280) as page:
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}/admin/")
        yield page


def go(page: Page, path: str) -> Response:
    answer = page.goto(urljoin(page.url, path))
    assert answer is not None
    assert answer.status == 200, path
    return answer


def test_no_page_breaks_the_policy_or_runs_over_a_phone(page: Page, paths: list[str]) -> None:
    page.set_viewport_size({"width": 375, "height": 800})
    too_wide = []
    for path in paths:
        answer = go(page, path)
        assert "'unsafe" not in answer.headers["content-security-policy"]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(path)
    assert too_wide == []
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        go(page, reverse("admin:constance_config_changelist"))
        page.locator(".constance [data-simplebar=init]").wait_for()
        assert page.evaluate(CUT_OFF) == [], width


def test_what_opens_on_a_click_opens(page: Page) -> None:
    go(page, reverse("admin:leads_lead_changelist"))
    sheet = page.locator("#changelist-filter")
    assert not sheet.is_visible()
    page.get_by_role("button", name="Filters").click()
    sheet.get_by_text("Starting Point").click()
    sheet.get_by_role("button", name="Apply Filters").click()
    page.wait_for_url("**category=crisis**")
    page.locator("#nav-sidebar-apps").wait_for()
    page.get_by_text("admin@example.com").first.click()
    page.get_by_role("button", name="Log out").wait_for()


def test_the_theme_can_be_switched_and_is_remembered(page: Page) -> None:
    page.get_by_text("admin@example.com").first.click()
    page.get_by_text("dark_mode").first.click()
    page.wait_for_function("document.documentElement.classList.contains('dark')")
    go(page, "/admin/data-map/")
    page.wait_for_function("document.documentElement.classList.contains('dark')")


def test_a_row_is_selected_and_sent_again(page: Page) -> None:
    go(page, reverse("admin:hubspot_sync_syncqueueitem_changelist"))
    page.locator("input.action-select").check()
    page.locator("select[name=action]").select_option("send_again")
    page.get_by_role("button", name="Run").click()
    page.get_by_text("1 lead will be sent again now.").wait_for()


def test_expressions_mean_what_they_mean_in_javascript(page: Page) -> None:
    expressions = (
        "1 + 2 * 3 == 7 && !openModal ? 'yes' : 'no'",
        "['a', 'b'].includes('b') || 'never'",
        "({ 'a b': -1, c: [1, { d: 'it\\'s' }] }).c[1].d",
        "if (openModal) { 1 } else { adminTheme.length > 3 }",
        "(a => a + 1)(1); 'last'",
    )
    meant = ["yes", True, "it's", True, "last"]
    found = page.evaluate("all => all.map(each => Alpine.evaluate(document.body, each))", list(expressions))
    assert found == meant


@pytest.mark.parametrize("expression", ["document.title", "fetch('/')", "openModal.constructor"])
def test_an_expression_reaches_nothing_but_the_data_of_its_page(page: Page, expression: str) -> None:
    page.evaluate("console.error = () => {}")
    assert page.evaluate("Alpine.evaluate(document.body, 'openModal')") is False
    assert page.evaluate("source => Alpine.evaluate(document.body, source)", expression) is None
