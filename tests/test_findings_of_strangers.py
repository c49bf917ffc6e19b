"""What a stranger could once do with an address that they only typed, played as it was seen: two browsers."""

import re

import pytest
from django.urls import reverse

from assessments.models import Assessment
from hubspot_sync.http.client import open_client
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import Account
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.definition import Definition
from tests.stranger_stories import KNOWN, MAL, MALS, VERA, VERAS, Browser, for_api
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(account: Account) -> dict[str, str]:
    """A contact that sales made long ago, as it is now."""
    with open_client() as client:
        client.call("POST", "/crm/v3/objects/contacts", {"properties": KNOWN})
    return contact_of(account, VERA)


def contact_of(account: Account, email: str) -> dict[str, str]:
    found = [contact for contact in account.contacts if contact["email"] == email]
    return {name: value for name, value in found[0].items() if name in KNOWN} if found else {}


def mailed_path(mailbox: Mailbox, address: str, page: str) -> str:
    """The path of the newest link to this page that was mailed to the address."""
    send_due()
    texts = [text_of(mail) for mail in mailbox.mails if mail["To"] == address]
    return re.findall(rf"https://check\.example\.com(/{page}/\S+)", texts[-1])[0] if texts else ""


def test_a_stranger_neither_rewrites_nor_erases_a_customer(
    account: Account,
    mailbox: Mailbox,
    definition: Definition,
    customer: dict[str, str],
) -> None:
    """Finding 1: type the address, change it, and use one's rights under the new one."""
    stranger = Browser()
    assessment = stranger.finish(definition, for_api({"email": VERA, **MALS}), {})
    deliver_due()
    stranger.post(reverse("assessments:contact", args=[assessment]), {"email": MAL, **MALS})
    deliver_due()
    stranger.post(reverse("privacy:ask"), {"email": MAL})
    stranger.get(mailed_path(mailbox, MAL, "privacy/open"))
    stranger.post(reverse("privacy:erase"), {"sure": "1"})
    deliver_due()
    assert contact_of(account, VERA) == customer
    assert contact_of(account, MAL) == {}


def test_nor_takes_the_contact_of_a_lead_away(
    account: Account,
    definition: Definition,
) -> None:
    """Finding 1: the product's own lead, after which nobody in HubSpot had Vera's address."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    deliver_due()
    veras = contact_of(account, VERA)
    assessment = stranger.finish(definition, for_api({"email": VERA, **MALS}), {})
    deliver_due()
    stranger.post(reverse("assessments:contact", args=[assessment]), {"email": MAL, **MALS})
    deliver_due()
    assert contact_of(account, VERA) == veras
    assert contact_of(account, MAL)["company"] == MALS["company"]


@pytest.mark.parametrize("first", [True, False])
def test_a_stranger_keeps_no_lead_from_hubspot(
    account: Account,
    definition: Definition,
    first: bool,
) -> None:
    """Finding 2: an objection under Vera's address, before Vera finishes or while the lead waits."""
    vera, stranger = Browser(), Browser()
    objects = {"contact": {"email": VERA}, "consents": {"followUp": False}}
    stranger.api("start")
    if first:
        stranger.api("save-progress", step=1, responses={}, **objects)
        deliver_due()
    veras = vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    if not first:
        stranger.api("save-progress", step=1, responses={}, **objects)
    deliver_due()
    assert Assessment.objects.get(pk=veras).hubspot_sync_status == "synced"
    assert len(account.deals) == 1


def test_each_gets_the_link_to_their_own_questions(
    mailbox: Mailbox,
    definition: Definition,
) -> None:
    """Finding 3: both ask within the hour; each link leads to its own."""
    vera, stranger = Browser(), Browser()
    for browser, answer in ((stranger, "E"), (vera, "A")):
        browser.api("start")
        first = dict.fromkeys(list(definition.questions)[:1], answer)
        browser.api("save-progress", step=1, responses=first)
        browser.asks_to_continue(VERA)
    vera.post(mailed_path(mailbox, VERA, "continue"), {})
    answers = dict.fromkeys(list(definition.questions)[1:], "A")
    answer = vera.api("submit", responses=answers, contact=for_api({"email": VERA, **VERAS}))
    assert len(mailbox.mails) == 2
    assert answer.json()["totalScore"] == 100
    results = reverse("assessments:results", args=[answer.json()["assessmentId"]])
    assert "Secret" not in without_tokens(stranger.get(results).content.decode())
