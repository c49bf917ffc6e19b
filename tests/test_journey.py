"""The main job, end to end: real processes, a real browser, and nothing personal left afterwards."""

import json
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from config.embedded import watchdog
from config.tests.processes import await_that
from hubspot_simulator.account.switches import Switches
from tests.browsers import chromium, silent_page
from tests.looking import keep_picture
from tests.product import Product, running
from tests.promtool import promtool

pytestmark = [pytest.mark.processes, pytest.mark.browser]

ACCOUNT_ZONE = ZoneInfo(Switches().time_zone)
METRICS_TOKEN = "v7Kq2mZr9TxL4wPd8NsB3hYc6GfJ1uEa5RoQ"


@dataclass(frozen=True)
class Person:
    """Somebody whose every detail can be told apart from everything else."""

    email: str
    first_name: str
    last_name: str
    company: str
    phone: str

    @property
    def details(self) -> tuple[str, ...]:
        return (self.email, self.first_name, self.last_name, self.company, self.phone)


WANDA = Person("wanda@canary.example", "Wandaquist", "Zypherholt", "Quuxworks Ltd", "+44 7700 900123")
PETRA = Person("petra@canary.example", "Petraquist", "Xanderholt", "Fnordworks AG", "+49 30 5550199")


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with running(tmp_path, METRICS_TOKEN=METRICS_TOKEN) as product:
        yield product


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone without JavaScript."""
    with silent_page(browser, scripts=False) as page:
        yield page


def answer_form(page: Page, option: str) -> None:
    """All five steps, the same option everywhere."""
    for step in range(1, 6):
        expect(page).to_have_url(re.compile(f"/step/{step}/"))
        for radio in page.locator(f"input[type=radio][value={option}]").all():
            radio.check()
        keep_picture(page, f"step-{step}")
        page.get_by_role("button", name=re.compile("Next step|See my score")).click()
    page.get_by_role("button", name="Skip, just show my score").click()


def give_details(page: Page, person: Person) -> None:
    for field in ("email", "first_name", "last_name", "company", "phone"):
        page.locator(f"#contact [name={field}]").fill(getattr(person, field))
    page.locator("#contact button").click()


def arrived(product: Product, person: Person) -> dict[str, Any]:
    """The one contact of this person in HubSpot with its deals, awaited for half a minute."""

    def found() -> list[Any]:
        state = product.hubspot()
        contacts = [each for each in state["contacts"] if each["properties"]["email"] == person.email]
        return [contacts, linked_deals(state, contacts)] if contacts and linked_deals(state, contacts) else []

    await_that(found, seconds=30)
    contacts, deals = found()
    assert (len(contacts), len(deals)) == (1, 1)
    return {"contact": contacts[0]["properties"], "deal": deals[0]["properties"]}


def linked_deals(state: dict[str, Any], contacts: list[Any]) -> list[Any]:
    ids = {link["deal"] for link in state["associations"] if link["contact"] == contacts[0]["id"]}
    return [deal for deal in state["deals"] if deal["id"] in ids]


def check_hubspot(product: Product, person: Person, *, score: int, category: str) -> None:
    found = arrived(product, person)
    expected = {
        "firstname": person.first_name,
        "lastname": person.last_name,
        "company": person.company,
        "phone": person.phone,
        "ai_assessment_score": str(score),
        "ai_assessment_category": category,
        "ai_value_score": str(score),
        "ai_customer_score": str(score),
        "ai_risk_score": str(score),
        "ai_governance_score": str(score),
        "ai_assessment_date": datetime.now(ACCOUNT_ZONE).date().isoformat(),
        "ai_lead_quality": "executive_briefing_qualified",
        "lead_source": "AI Reality Check",
    }
    assert {name: found["contact"].get(name) for name in expected} == expected
    assert found["deal"]["pipeline"] == "ai_consulting_pipeline"
    assert found["deal"]["dealstage"] == "executive_briefing_requested"
    assert found["deal"]["amount"] == "5000"


def places_with(product: Product, person: Person) -> dict[str, list[str]]:
    """Where anything of the person can be read, by detail."""
    kept = product.everything_kept()
    found = {
        detail: [place for place, content in kept.items() if detail.encode() in content]
        for detail in person.details
    }
    return {detail: places for detail, places in found.items() if places}


def check_scrub(product: Product) -> None:
    """Before: people are in the database and nowhere else. After: nowhere. The figures stay."""
    for person in (WANDA, PETRA):
        places = {place for found in places_with(product, person).values() for place in found}
        assert places == {"database dump"}
    await_that(lambda: counts_views(product), seconds=90)  # they are written once a minute
    product.move_clock(days=31)
    product.manage("cleanup_sessions", "--yes")
    before = figures(product)
    assert before["landing"]
    product.manage("scrub_pii", "--yes")
    assert [places_with(product, person) for person in (WANDA, PETRA)] == [{}, {}]
    assert figures(product) == before


def counts_views(product: Product) -> bool:
    """Whether views of the landing page are among the figures; a command is too dear to ask often."""
    with psycopg.connect(product.services["database_url"]) as connection:
        return connection.execute("SELECT FROM daily_figures WHERE figure = 'view'").rowcount > 0


def figures(product: Product) -> Any:
    """Every figure that outlives the people; who is still to be scrubbed, and what tables weigh, is none."""
    found = json.loads(product.manage("figures"))
    del found["table_sizes"]
    del found["at_risk"]  # once the clock has moved, a nightly comparison may queue both leads again
    return found


def test_prospects_become_leads_and_are_forgotten_in_time(
    product: Product, page: Page, browser: Browser
) -> None:
    finish_by_hand(product, page)
    check_hubspot(product, WANDA, score=40, category="risk_zone")
    finish_by_program(product)
    check_hubspot(product, PETRA, score=20, category="alert")
    see_lead_as_sales(product, browser)
    see_hubspot_as_an_operator(product)
    scrape_metrics(product)
    check_scrub(product)
    stop_by_an_impatient_ctrl_c(product)


def finish_by_hand(product: Product, page: Page) -> None:
    page.goto(product.urls["form"])
    keep_picture(page, "landing")
    page.get_by_role("button", name="Start the scorecard").click()
    answer_form(page, "C")
    expect(page.locator("h1")).to_have_text("Mixed Picture")
    assert "40" in page.locator(".result").inner_text().split()
    give_details(page, WANDA)
    expect(page.get_by_text("Your details are saved")).to_be_visible()
    keep_picture(page, "results")


def finish_by_program(product: Product) -> None:
    api, caller = f"{product.urls['form']}api/assessment/", requests.Session()
    started = caller.post(f"{api}start", json={}).json()
    caller.headers["X-CSRFToken"] = started["csrfToken"]
    for step, section in enumerate(started["questionnaire"]["sections"], start=1):
        answers = {question["key"]: "D" for question in section["questions"]}
        saved = caller.post(f"{api}save-progress", json={"step": step, "responses": answers})
        assert saved.status_code == 200, saved.text
    names = {"firstName": PETRA.first_name, "lastName": PETRA.last_name, "company": PETRA.company}
    contact = names | {"email": PETRA.email, "phone": PETRA.phone}
    result = caller.post(f"{api}submit", json={"contact": contact}).json()
    assert (result["totalScore"], result["category"]["key"]) == (20, "alert")
    assert caller.get(f"{api}results/{result['assessmentId']}").json() == result


def see_lead_as_sales(product: Product, browser: Browser) -> None:
    """A sales person logs in, finds the lead on the list and opens it."""
    created = product.manage("create_staff_user", "sam@canary.example", "--group", "Sales")
    password = created.split("password: ")[1].split()[0]
    with silent_page(browser, width=1280) as page:
        page.goto(product.urls["admin"])
        page.locator("[name=login]").fill("sam@canary.example")
        page.locator("[name=password]").fill(password)
        page.locator("[type=submit]").first.click()
        expect(page).to_have_title(re.compile("Dashboard"))
        keep_picture(page, "dashboard")
        page.goto(f"{product.urls['admin']}leads/lead/?tab=all")  # they answered faster than people read
        keep_picture(page, "leads")
        page.get_by_role("link", name=re.compile(WANDA.first_name)).first.click()
        expect(page.get_by_role("heading", name="What to say first")).to_be_visible()
        expect(page.get_by_text(WANDA.company).first).to_be_visible()
        keep_picture(page, "lead")


def see_hubspot_as_an_operator(product: Product) -> None:
    """Commands find the simulator and the secrets of the running product, and nothing to put right."""
    assert "missing" not in product.script_manage("hubspot_check", "--without-test-lead")
    assert "2 leads" in product.script_manage("hubspot_reconcile")


def scrape_metrics(product: Product) -> None:
    """Prometheus finds nothing to object to in what the product tells of itself."""
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    scraped = requests.get(f"{product.urls['form']}metrics", headers=headers, timeout=10).text
    assert 'assessment_request_seconds_bucket{area="' in scraped
    promtool("check", "metrics", given=scraped)


def stop_by_an_impatient_ctrl_c(product: Product) -> None:
    mark = product.services["launch_id"]
    product.process.send_signal(signal.SIGINT)
    time.sleep(0.3)  # the second is pressed while it stops
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(60) == 128 + signal.SIGINT
    assert "Traceback" not in "".join(product.output)
    assert watchdog.processes_of(mark) == []
    assert not (product.directory / "urls.json").exists()
