"""Every way through the product, one function each: it takes a person and the product."""

import os
import signal
from collections.abc import Callable

import psycopg
import requests
from psycopg import sql

from config.embedded import watchdog
from config.tests.processes import await_that
from tests.canary.browser import Browser
from tests.canary.person import REFUSED_BY_HUBSPOT, Person
from tests.chaos.programs import children, command_line
from tests.product import Product

PASSES = 200, 302


def started(product: Product, person: Person) -> Browser:
    browser = Browser(product.urls["form"], person)
    browser.start()
    return browser


def finished(product: Product, person: Person) -> None:
    started(product, person).submit(**person.contact).raise_for_status()


def unfinished(product: Product, person: Person) -> None:
    started(product, person).save(1, **person.contact)


def details_afterwards(product: Product, person: Person) -> None:
    """On the result page, after a first attempt with a mistake."""
    browser = started(product, person)
    result = f"results/{browser.submit().json()['assessmentId']}/"
    assert browser.send(f"{result}contact/", person.form | {"phone": person.word("phone")}).status_code == 422
    browser.send(f"{result}contact/", person.form).raise_for_status()
    assert person.word("first") in browser.get(result).text


def bad_input(product: Product, person: Person) -> None:
    """Whatever a browser, a scanner or a tired hand may send; nothing of it is kept."""
    browser = started(product, person)
    for contact in (
        {"email": person.word("mail")},
        person.contact | {"firstName": person.word("first") * 100},
        {"company": f"https://{person.word('company')}.example"},
        {"phone": person.email()},
        {person.word("key"): person.word("value")},
    ):
        assert browser.submit(**contact).status_code == 422
    unknown = {"step": 1, "responses": {person.word("question"): person.word("answer")}}
    assert browser.post("save-progress", unknown).status_code == 422
    broken = browser.session.post(f"{browser.api}submit", data=f'{{"email": "{person.email()}', timeout=60)
    assert broken.status_code in (400, 422)
    for path in (
        f"{person.word('page')}/{person.email()}",
        f"results/{person.word('id')}/?q={person.email()}",
    ):
        assert browser.get(path).status_code == 404
    assert browser.send("step/1/", {"email": person.word("mail")}).status_code in (400, 409, 422)
    strange = {"X-CSRFToken": person.word("token"), "Origin": f"https://{person.word('origin')}.example"}
    assert browser.session.post(f"{browser.form}start/", headers=strange, timeout=60).status_code == 403


def refused_by_hubspot(product: Product, person: Person) -> None:
    """An address that HubSpot does not take: the lead fails, with HubSpot's answer quoting it."""
    browser = started(product, person)
    browser.submit(**person.names, email=person.email(REFUSED_BY_HUBSPOT)).raise_for_status()
    await_that(lambda: waiting_for_a_person(product, person), seconds=60)


def waiting_for_a_person(product: Product, person: Person) -> bool:
    with psycopg.connect(product.services["database_url"]) as connection:
        found = connection.execute(
            "SELECT 1 FROM hubspot_sync_queue q JOIN assessments a ON a.id = q.assessment_id"
            " WHERE q.status = 'failed' AND a.email = %s",
            [person.email(REFUSED_BY_HUBSPOT)],
        )
        return found.fetchone() is not None


def exception(product: Product, person: Person) -> None:
    """The database refuses the row, and quotes it: what a bug of ours would look like."""
    name = sql.Identifier(person.word("constraint"))
    with psycopg.connect(product.services["database_url"], autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER TABLE assessments ADD CONSTRAINT {} CHECK (company <> {})").format(
                name, sql.Literal(person.word("company"))
            )
        )
        try:
            assert started(product, person).submit(**person.contact).status_code >= 500
        finally:
            connection.execute(sql.SQL("ALTER TABLE assessments DROP CONSTRAINT {}").format(name))


def killed_worker(product: Product, person: Person) -> None:
    """SIGKILL to the worker's children while one of them holds the lead and waits for HubSpot."""
    control = f"{product.urls['hubspot']}_simulator/"
    hang = {"effect": "hang", "route": "POST objects/contacts/*", "times": 1, "seconds": 30}
    requests.post(f"{control}faults", json=hang, timeout=10).raise_for_status()
    finished(product, person)

    def struck() -> bool:
        planned = requests.get(f"{control}faults", timeout=10).json()["results"]
        return any(each["struck"] for each in planned)

    await_that(struck, seconds=60)
    for pid in pool_children(product):
        os.kill(pid, signal.SIGKILL)
    requests.delete(f"{control}faults", timeout=10).raise_for_status()


def pool_children(product: Product) -> list[int]:
    ours = watchdog.carriers(product.services["launch_id"])
    workers = [pid for pid in ours if {"celery", "worker"} <= set(command_line(pid))]
    return [child for pid in workers for child in children(pid) if child in workers]


def staff(product: Product, person: Person) -> None:
    """An operator finds the lead and sends it again; a stranger tries to log in."""
    refused_by_hubspot(product, person)
    admin = product.urls["admin"]
    stranger = logged_in(admin, person.email(), person.word("password"), person)
    assert "sessionid" not in stranger.cookies
    made = product.manage("create_staff_user", f"olga{person.number}@staff.example", "--group", "Operators")
    password = made.split("password: ")[1].split()[0]
    olga = logged_in(admin, f"olga{person.number}@staff.example", password, person)
    found = olga.get(f"{admin}assessments/lead/", params={"q": person.word("first")}, timeout=60)
    assert person.word("company") in found.text
    rows = olga.get(f"{admin}hubspot_sync/syncqueueitem/", params={"q": person.word("mail")}, timeout=60)
    key = rows.text.partition('name="_selected_action" value="')[2].partition('"')[0]
    again = {"action": "send_again", "_selected_action": key, "csrfmiddlewaretoken": csrf(rows.text)}
    assert olga.post(rows.url, data=again, timeout=60).status_code in PASSES
    await_that(lambda: waiting_for_a_person(product, person), seconds=60)


def logged_in(admin: str, name: str, password: str, person: Person) -> requests.Session:
    session = requests.Session()
    session.headers.update({"User-Agent": f"{person.word('agent')}/1.0", "X-Forwarded-For": person.address})
    form = csrf(session.get(f"{admin}login/", timeout=60).text)
    data = {"username": name, "password": password, "csrfmiddlewaretoken": form, "next": "/admin/"}
    session.post(f"{admin}login/", data=data, timeout=60)
    return session


def csrf(page: str) -> str:
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


PATHS: dict[str, Callable[[Product, Person], None]] = {
    "finished": finished,
    "unfinished": unfinished,
    "details afterwards": details_afterwards,
    "bad input": bad_input,
    "refused by HubSpot": refused_by_hubspot,
    "staff": staff,
    "exception": exception,
    "killed worker": killed_worker,
}
RARE = {"staff": 10, "exception": 10, "killed worker": 5}  # slow ones: so many people at most


def ways(people: int) -> list[str]:
    """Which way each person takes: all ways in turn, the slow ones until they have had enough."""
    found: list[str] = []
    while len(found) < people:
        found += [name for name in PATHS if found.count(name) < RARE.get(name, people)]
    return found[:people]
