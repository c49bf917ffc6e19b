"""Somebody else types a person's address: reads, changes, keeps back and erases nothing of theirs."""

import json
import re
from collections.abc import Iterable
from typing import Any

from mailings.tests.mailbox import text_of
from tests.canary.browser import Browser, started
from tests.canary.person import Person
from tests.canary.rights import letter
from tests.product import Product

CONFIRM = re.compile(r"/privacy/confirm/([\w-]+)/")
DETAILS = {"firstName": "Strange", "lastName": "Strange", "company": "Strange Ltd", "phone": "+49 30 6660006"}
FORM = {"first_name": "Strange", "last_name": "Strange", "company": "Strange Ltd", "phone": "+49 30 6660006"}


def typed_by_a_stranger(product: Product, person: Person) -> None:
    """The stranger first, so that their contact is in the way; then the person; then they try everything."""
    person.had_a_stranger = True
    objects = {"marketing": True, "followUp": False}
    stranger = started(product, person)
    answer = stranger.submit({**DETAILS, "email": person.email()}, objects)
    answer.raise_for_status()
    started(product, person).submit(person.contact).raise_for_status()
    pages = looked_everywhere(stranger, answer.json()["assessmentId"], person)
    assert not [value for value in person.names.values() if value in pages]
    link = CONFIRM.search(text_of(letter(person, "Please confirm")))
    assert link
    person.secrets.append(link[1])
    browser = Browser(product.urls["form"], person)
    browser.read(f"privacy/confirm/{link[1]}/")
    assert "no news" in browser.send("privacy/confirm/", {"give": "0"}).text


def looked_everywhere(stranger: Browser, assessment: str, person: Person) -> str:
    """What the stranger's browser gets to see while it tries all it can."""
    stranger.read(f"results/{assessment}/")
    seen = stranger.send(f"privacy/from-result/{assessment}/", {}).text
    for path, data in (
        ("privacy/yours/correct/", {**FORM, "email": person.email()}),
        ("privacy/yours/consent/", {"purpose": "follow_up", "give": "0"}),
        ("privacy/yours/erase/", {"sure": "1"}),
        (f"results/{assessment}/contact/", {**FORM, "email": person.email()}),
    ):
        seen += stranger.send(path, data).text
    return (
        seen + stranger.get("privacy/yours/download/json/").text + stranger.get(f"results/{assessment}/").text
    )


def harmed(account: dict[str, Any], people: Iterable[Person]) -> dict[str, set[str]]:
    """Those whom the stranger kept from HubSpot."""
    contacts = json.dumps(account["contacts"])
    strangers = [person for person in people if person.had_a_stranger]
    missing = {person.email() for person in strangers if person.email() not in contacts}
    return {"not in HubSpot": missing} if missing else {}
