"""Ways on which members of staff meet a person."""

import json
import re

import requests

from tests.canary.browser import csrf, started
from tests.canary.person import REFUSED_BY_HUBSPOT, Person
from tests.canary.waiting import await_delivery
from tests.product import Product

PASSES = 200, 302


def refused_by_hubspot(product: Product, person: Person) -> None:
    """An address that HubSpot does not take: the lead fails, with HubSpot's answer quoting it."""
    contact = person.contact | {"email": person.email(REFUSED_BY_HUBSPOT)}
    started(product, person).submit(contact).raise_for_status()
    await_delivery(product, person, "failed", REFUSED_BY_HUBSPOT)


def staff(product: Product, person: Person) -> None:
    """A salesperson finds the lead, an operator sends it again; a stranger tries to log in."""
    refused_by_hubspot(product, person)
    admin = product.urls["admin"]
    stranger = logged_in(admin, person.email(), person.word("password"), person)
    assert "/login/" in stranger.get(admin, timeout=60).url
    mona = member(product, person, "mona", "Sales")
    found = mona.get(f"{admin}leads/lead/", params={"q": person.word("first")}, timeout=60)
    assert person.word("company") in found.text
    queue, search = f"{admin}hubspot_sync/syncqueueitem/", {"q": person.word("mail")}
    row = re.search(r"syncqueueitem/([^/]+)/change/", mona.get(queue, params=search, timeout=60).text)
    assert row
    olga = member(product, person, "olga", "Operator")
    assert row[1] not in olga.get(queue, params=search, timeout=60).text  # a search tells her of nobody
    rows = olga.get(queue, timeout=60).text
    again = {"action": "send_again", "_selected_action": row[1], "csrfmiddlewaretoken": csrf(rows)}
    assert olga.post(queue, data=again, timeout=60).status_code in PASSES
    await_delivery(product, person, "failed", REFUSED_BY_HUBSPOT)


def erased_by_staff(product: Product, person: Person) -> None:
    """The privacy officer looks up, exports and erases somebody whom HubSpot never took."""
    refused_by_hubspot(product, person)
    address, page = person.email(REFUSED_BY_HUBSPOT), f"{product.urls['admin']}persons/"
    paula = member(product, person, "paula", "Privacy")
    form = {"csrfmiddlewaretoken": csrf(paula.get(page, timeout=60).text), "email": address}
    for do in ("look", "export"):
        answer = paula.post(page, data=form | {"do": do}, timeout=60)
        assert person.word("company") in answer.text, do
    assert json.loads(answer.text)["address"] == address
    answer = paula.post(page, data=form | {"do": "erase", "sure": "1"}, timeout=60)
    assert "Erased here" in answer.text
    person.erased = address


def member(product: Product, person: Person, name: str, group: str) -> requests.Session:
    """A new member of staff, logged in."""
    address = f"{name}{person.number}@staff.example"
    made = product.manage("create_staff_user", address, "--group", group)
    return logged_in(product.urls["admin"], address, made.split("password: ")[1].split()[0], person)


def logged_in(admin: str, name: str, password: str, person: Person) -> requests.Session:
    session = requests.Session()
    session.headers.update({"User-Agent": f"{person.word('agent')}/1.0", "X-Forwarded-For": person.address})
    form = csrf(session.get(f"{admin}login/", timeout=60).text)
    data = {"login": name, "password": password, "csrfmiddlewaretoken": form, "next": "/admin/"}
    session.post(f"{admin}login/", data=data, timeout=60)
    return session
