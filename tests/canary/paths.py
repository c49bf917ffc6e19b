"""Every way through the product, one function each: it takes a person and the product."""

import os
import re
import signal
from collections.abc import Callable

import psycopg
import requests
from psycopg import sql

from config.embedded import watchdog
from config.tests.processes import await_that
from mailings.tests.mailbox import text_of
from tests.canary.backoffice import erased_by_staff, refused_by_hubspot, staff
from tests.canary.browser import Browser, hidden, started
from tests.canary.person import Person
from tests.canary.rights import (
    FILES,
    bounced,
    command,
    data_taken_along,
    erased,
    erased_with_a_file,
    letter,
    mailed,
)
from tests.canary.stranger import typed_by_a_stranger
from tests.chaos.programs import children, command_line
from tests.product import Product


def finished(product: Product, person: Person) -> None:
    started(product, person).submit(person.contact).raise_for_status()


def uploaded(product: Product, person: Person) -> None:
    started(product, person, FILES).submit_paper().raise_for_status()


def unfinished(product: Product, person: Person) -> None:
    started(product, person).save(1, **person.contact)


def details_afterwards(product: Product, person: Person) -> None:
    """On the result page, after a first attempt with a mistake."""
    browser = started(product, person)
    result = f"results/{browser.submit().json()['assessmentId']}/"
    assert browser.send(f"{result}contact/", person.form | {"email": person.word("mail")}).status_code == 422
    ticked = ["result", "marketing"]
    browser.send(f"{result}contact/", {**person.form, "consent": ticked}).raise_for_status()
    assert person.word("first") in browser.get(result).text


def elsewhere(product: Product, person: Person) -> None:
    """Goes on with a second device by a link that is mailed, keeps the report, and shares the score."""
    first = started(product, person)
    first.save(1)
    page = first.read("resume/by-mail/")
    asked = {"email": person.email(), "assessment": hidden(page, "assessment")}
    first.send("resume/by-mail/", asked).raise_for_status()
    path = linked(person, text_of(letter(person, "The link to continue")), "continue")
    second = Browser(product.urls["form"], person)
    second.read(path)
    second.send(path, {}).raise_for_status()
    second.sections = first.sections
    person.secrets += second.tokens
    result = f"results/{second.submit(person.contact).json()['assessmentId']}/"
    second.read(result)
    assert second.get(f"{result}report/").content.startswith(b"%PDF")
    second.send(f"{result}share/", {"action": "make"}).raise_for_status()
    path = linked(person, second.get(result).text, "shared")
    shared = requests.get(f"{product.urls['form']}{path}", timeout=60)
    shared.raise_for_status()
    assert not person.marks.search(shared.content)


def linked(person: Person, text: str, page: str) -> str:
    """The path of the link to this page that a text holds; its token is a secret."""
    found = re.search(rf"{page}/([\w-]+)/", text)
    assert found
    person.secrets.append(found[1])
    return found[0]


def bad_input(product: Product, person: Person) -> None:
    """Whatever a browser, a scanner or a tired hand may send: refused, or cleaned."""
    browser = started(product, person)
    for contact in (
        {"email": person.word("mail")},
        person.contact | {"firstName": person.word("first") * 100},
        {"company": person.word("company") * 100},
        {person.word("key"): person.word("value")},
    ):
        assert browser.submit(contact).status_code == 422
    odd = {
        "phone": f"{person.phone} or {person.email()}",
        "company": f"https://{person.word('company')}.example",
    }  # cleaned, not refused
    browser.post("save-progress", {"step": 1, "responses": {}, "contact": odd}).raise_for_status()
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
            assert started(product, person).submit(person.contact).status_code >= 500
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
    ours = watchdog.processes_of(product.services["launch_id"])
    workers = [pid for pid in ours if {"celery", "worker"} <= set(command_line(pid))]
    return [child for pid in workers for child in children(pid) if child in workers]


PATHS: dict[str, Callable[[Product, Person], None]] = {
    "finished": finished,
    "uploaded": uploaded,
    "unfinished": unfinished,
    "details afterwards": details_afterwards,
    "bad input": bad_input,
    "refused by HubSpot": refused_by_hubspot,
    "elsewhere": elsewhere,
    "mailed": mailed,
    "bounced": bounced,
    "data taken along": data_taken_along,
    "typed by a stranger": typed_by_a_stranger,
    "erased": erased,
    "erased with a file": erased_with_a_file,
    "erased by command": command,
    "erased by staff": erased_by_staff,
    "staff": staff,
    "exception": exception,
    "killed worker": killed_worker,
}
RARE = {  # slow ones: so many people at most
    "erased by command": 5,
    "erased by staff": 5,
    "staff": 10,
    "exception": 10,
    "killed worker": 5,
}
UPSETTING = "exception", "killed worker"  # the others would notice


def ways(people: int) -> list[str]:
    """Which way each person takes: all ways in turn, the slow ones until they have had enough."""
    found: list[str] = []
    while len(found) < people:
        found += [name for name in PATHS if found.count(name) < RARE.get(name, people)]
    return found[:people]
