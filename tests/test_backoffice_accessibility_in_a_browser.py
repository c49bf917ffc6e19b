"""The back office by keyboard and for screen readers: nothing serious or critical, at both widths."""

import json

import pytest
from django.contrib.admin import autodiscover, site
from django.urls import reverse
from playwright.sync_api import Page

from experiments.models import Experiment, Placement
from scorecard.content.loading import load_draft
from scorecard.models import Questionnaire
from scorecard.tests.examples import EVERYTHING, read_once
from tests.looking import AXE, WIDTHS
from tests.test_backoffice_in_a_browser import go, page, paths, session
from web.backoffice import declarations

__all__ = ["page", "paths", "session"]  # the fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = max(WIDTHS)
SERIOUS = """async rules => (await axe.run({ rules, resultTypes: ["violations"] })).violations
  .filter(({ impact }) => impact === "serious" || impact === "critical")
  .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])"""


@pytest.fixture
def experiment(db: None) -> Experiment:
    return Experiment.objects.create(key="headline", place=Placement.LANDING_HEADLINE)


@pytest.fixture
def draft(db: None) -> Questionnaire:
    return load_draft(read_once(EVERYTHING)).questionnaire


def test_axe_finds_nothing_serious_in_the_back_office(
    experiment: Experiment, draft: Questionnaire, page: Page, paths: list[str]
) -> None:
    autodiscover()  # as config/urls.py does
    lists = (f"admin:{model._meta.label_lower.replace('.', '_')}_changelist" for model in site._registry)
    parts = (
        ("question", "tested"),
        ("section", "quality"),
        ("rule", "new"),
        ("band", "good"),
        ("texts", "-"),
        ("option", "tested-C"),
    )
    edit = "admin:scorecard_questionnaire_"
    more = (
        *(reverse(f"{edit}edit", args=[draft.pk, *part]) for part in parts),
        *(reverse(f"{edit}{name}") for name in ("new", "import", "search")),
        *(reverse(f"{edit}{name}", args=[draft.pk]) for name in ("change", "copy", "add_question")),
        reverse(f"{edit}translation", args=[draft.pk, "de"]),
        *(reverse(name) for name in lists),
        *(reverse(place.url_name) for place in declarations("places")),
        reverse("admin:experiments_experiment_add"),
        reverse("admin:experiments_experiment_change", args=[experiment.pk]),
        reverse("admin:leads_lead_changelist") + "?q=nobody",
    )
    found = {}
    for path in dict.fromkeys((*paths, *more)):
        go(page, path)
        page.evaluate(AXE)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            colours = {"color-contrast": {"enabled": width == DESK}}  # all that a phone shows is there too
            if complaints := page.evaluate(SERIOUS, colours):
                found[f"{path} at {width}"] = complaints
    assert found == {}, json.dumps(found, indent=1)


def test_filters_menu_and_account_open_by_keyboard(page: Page) -> None:
    go(page, reverse("admin:leads_lead_changelist"))
    page.get_by_role("button", name="Filters").focus()
    page.keyboard.press("Enter")
    page.locator("#changelist-filter").wait_for()
    page.keyboard.press("Escape")
    page.locator("#changelist-filter").wait_for(state="hidden")
    page.locator("#nav-sidebar").get_by_role("button", name="admin@example.com").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").wait_for()
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    page.locator("#nav-sidebar").get_by_role("link", name="Leads").wait_for()


INSIDE = "selector => document.querySelector(selector).contains(document.activeElement)"


def test_tab_reaches_the_skip_link_first_and_it_leads_to_the_content(page: Page) -> None:
    for path in ("/admin/", reverse("admin:leads_lead_changelist"), "/admin/data-map/"):
        go(page, path)
        page.keyboard.press("Tab")
        link = page.locator(".skip-link")
        assert link.evaluate("link => link === document.activeElement"), path
        page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate(INSIDE, "#content"), path
