"""Ways of people who want their result by mail, who ask what we hold of them, and who want to be erased."""

import re
from email.message import EmailMessage

from config.tests.processes import await_that
from mailings.tests.mailbox import text_of
from tests.canary.browser import Browser, started
from tests.canary.person import BOUNCES, Person
from tests.canary.waiting import PATIENCE, await_bounce, await_delivery, await_erasures
from tests.product import Product

AGREED = {"result": True, "followUp": True, "marketing": True}
FILES = "canary_files"  # key of tests/canary/files.yaml
RESULT, PRIVACY_LINK = "Your result", "Your data"  # how their subjects begin
LINK = re.compile(r"/privacy/open/([\w-]+)/")


def letter(person: Person, about: str, top: str = "example") -> EmailMessage:
    """The first letter of this kind to their address under this top-level domain, once it is there."""

    def found() -> list[EmailMessage]:
        return [
            mail
            for mail in person.letters
            if mail["Subject"].startswith(about) and person.email(top) in mail["To"]
        ]

    await_that(found, PATIENCE)
    return found()[0]


def opened(product: Product, person: Person, about: str = PRIVACY_LINK, top: str = "example") -> Browser:
    """The link of the letter in a fresh browser, as a mail program opens it."""
    link = LINK.search(text_of(letter(person, about, top)))
    assert link
    person.secrets.append(link[1])
    browser = Browser(product.urls["form"], person)
    assert person.email(top) in browser.read(f"privacy/open/{link[1]}/")
    return browser


def mailed(product: Product, person: Person) -> None:
    """Agrees to everything, gets the result by mail, and takes it back by the link in that mail."""
    started(product, person).submit(person.contact, AGREED).raise_for_status()
    browser = opened(product, person, RESULT)
    for purpose in ("result", "follow_up", "marketing"):
        browser.send("privacy/yours/consent/", {"purpose": purpose, "give": "0"}).raise_for_status()
    assert "You said no" in browser.get("privacy/yours/").text


def bounced(product: Product, person: Person) -> None:
    """Wants the result at an address that the mail server refuses, quoting it."""
    contact = person.contact | {"email": person.email(BOUNCES)}
    started(product, person).submit(contact, AGREED).raise_for_status()
    await_bounce(product, person, BOUNCES)


def data_taken_along(product: Product, person: Person) -> None:
    """Asks by address alone; looks, downloads, puts right, moves to another address and closes the page."""
    started(product, person).submit(person.contact, AGREED).raise_for_status()
    browser = Browser(product.urls["form"], person)
    browser.read("privacy/")
    browser.send("privacy/ask/", {"email": person.email()}).raise_for_status()
    browser = opened(product, person)
    for form in ("json", "html"):
        file = browser.get(f"privacy/yours/download/{form}/")
        assert file.status_code == 200
        assert all(value in file.text for value in person.contact.values()), form
    wrong = person.form | {"email": person.word("mail")}
    assert browser.send("privacy/yours/correct/", wrong).status_code == 422
    moved = person.form | {"email": person.email("moved"), "company": person.word("moved")}
    assert "new link is on its way" in browser.send("privacy/yours/correct/", moved).text
    browser = opened(product, person, top="moved")
    browser.send("privacy/yours/close/", {}).raise_for_status()
    assert browser.get("privacy/yours/").status_code == 410


def erased(product: Product, person: Person) -> None:
    """From the result page to the link in the mail, and there gone: here at once, then in HubSpot."""
    browser = started(product, person)
    submitted = browser.submit(person.contact, AGREED)
    erased_by_link(product, person, browser, submitted.json()["assessmentId"])


def erased_with_a_file(product: Product, person: Person) -> None:
    """The same of somebody who uploaded a file."""
    browser = started(product, person, FILES)
    submitted = browser.submit_paper(AGREED)
    erased_by_link(product, person, browser, submitted.json()["assessmentId"])


def erased_by_link(product: Product, person: Person, browser: Browser, assessment: str) -> None:
    await_delivery(product, person)
    browser.send(f"privacy/from-result/{assessment}/", {}).raise_for_status()
    person.secrets += browser.tokens
    assert "A link is on its way" in browser.send("privacy/yours/erase/", {}).text
    browser = opened(product, person)
    assert browser.send("privacy/yours/erase/", {}).status_code == 422  # not sure
    browser.send("privacy/yours/erase/", {"sure": "1"}).raise_for_status()
    person.erased = person.email()
    await_erasures(product)
    assert "has erased you" in browser.get("privacy/yours/").text


def command(product: Product, person: Person) -> None:
    """Leaves the form in the middle; an operator exports and erases by command."""
    started(product, person).save(1, **person.contact)
    exported = product.manage("export_person", typed=person.email())
    assert all(value in exported for value in person.contact.values())
    product.manage("erase_person", "--yes", typed=person.email())
    person.erased = person.email()
