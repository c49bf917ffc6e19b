"""Siblings of those findings: what else a stranger could do with an address that they only typed."""

import pytest
from django.urls import reverse

from accounts.tests.people import member
from assessments.models import Assessment, Consent
from assessments.qualification import Contact
from encryption.email_addresses import address_hash
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import Account
from leads.correcting import correct_lead
from mailings.tests.mailbox import Mailbox
from scorecard.definition import Definition
from tests.stranger_stories import MAL, MALS, VERA, VERAS, Browser, for_api
from tests.test_findings_of_strangers import mailed_path

pytestmark = pytest.mark.django_db


def vera_corrects(vera: Browser, mailbox: Mailbox) -> None:
    """Vera proves the address: she opens her mailed link and corrects her details."""
    vera.post(reverse("privacy:ask"), {"email": VERA})
    vera.get(mailed_path(mailbox, VERA, "privacy/open"))
    vera.post(reverse("privacy:correct"), {"email": VERA, **VERAS})


def choices_of_address() -> list[tuple[str, bool]]:
    """The choices recorded for the whole address."""
    found = Consent.objects.filter(address_hash=address_hash(VERA), scope=None)
    return list(found.values_list("purpose", "given"))


@pytest.mark.parametrize("move", ["save-progress", "submit"])
def test_a_browser_that_may_change_nothing_agrees_to_nothing_for_the_address(
    mailbox: Mailbox, definition: Definition, move: str
) -> None:
    """Finding 2: the stranger's assessment is still open when Vera proves the address in her own browser."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    stranger.api("start")
    answers = dict.fromkeys(definition.questions, "A")
    stranger.api("save-progress", step=1, responses=answers, contact={"email": VERA})
    vera_corrects(vera, mailbox)
    more = {"step": 1} if move == "save-progress" else {}
    stranger.api(move, responses={}, consents={"followUp": False, "marketing": True}, **more)
    assert choices_of_address() == []


def test_who_has_a_second_link_does_not_read_on_after_somebody_went_on(
    mailbox: Mailbox, definition: Definition
) -> None:
    """Finding 3: the stranger mails a link to the same assessment to himself before he mails one to Vera."""
    vera, stranger, elsewhere = Browser(), Browser(), Browser()
    stranger.api("start")
    stranger.asks_to_continue(MAL)
    own = mailed_path(mailbox, MAL, "continue")
    stranger.asks_to_continue(VERA)
    vera.post(mailed_path(mailbox, VERA, "continue"), {})
    first, *others = definition.questions
    vera.api("save-progress", step=1, responses={first: "B"})
    elsewhere.post(own, {})
    assert elsewhere.client.get("/api/assessment/resume").status_code == 401
    rest = vera.api("submit", responses=dict.fromkeys(others, "B"), contact=for_api({"email": VERA, **VERAS}))
    assert rest.status_code == 200


def test_a_link_ends_when_somebody_else_gives_their_address(mailbox: Mailbox, definition: Definition) -> None:
    """Finding 3: the stranger passes a link that was mailed to himself on to Vera."""
    vera, stranger = Browser(), Browser()
    stranger.api("start")
    stranger.asks_to_continue(MAL)
    path = mailed_path(mailbox, MAL, "continue")
    vera.post(path, {})
    first, *_ = definition.questions
    vera.api("save-progress", step=1, responses={first: "B"}, contact=for_api({"email": VERA, **VERAS}))
    stranger.post(path, {})
    assert stranger.client.get("/api/assessment/resume").status_code == 401
    assert vera.client.get("/api/assessment/resume").status_code == 200


def test_the_form_holds_no_strangers_details_once_the_address_is_proven(
    mailbox: Mailbox, definition: Definition
) -> None:
    """Finding 4: a click proves the address of the stranger's newer assessment, not what he typed there."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    stranger.finish(definition, for_api({"email": VERA, **MALS}), {})
    vera.post(reverse("privacy:ask"), {"email": VERA})
    vera.get(mailed_path(mailbox, VERA, "privacy/open"))
    vera.post(reverse("privacy:consent"), {"purpose": "marketing", "give": "0"})
    form = vera.get(reverse("privacy:yours")).context["form"]
    assert form.initial["company"] == VERAS["company"]


@pytest.mark.parametrize("corrects", [True, False])
def test_a_strangers_result_is_not_shown_as_vera_s(
    account: Account, mailbox: Mailbox, definition: Definition, corrects: bool
) -> None:
    """Finding 1: her proof enters her details in his assessment, but his answers are not hers."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    stranger.api("start")
    stranger.api("save-progress", step=1, responses={}, contact={"email": VERA})
    vera_corrects(vera, mailbox)
    stranger.api("submit", responses=dict.fromkeys(definition.questions, "E"))
    if corrects:
        vera.post(reverse("privacy:correct"), {"email": VERA, **VERAS})
    deliver_due()
    [contact] = [each for each in account.contacts if each["email"] == VERA]
    own = Assessment.objects.order_by("created_at").first()
    assert own
    assert contact["ai_assessment_score"] == str(own.total_score)


def test_saving_on_does_not_unlock_what_vera_corrected(mailbox: Mailbox, definition: Definition) -> None:
    """Finding 4: her new address is not the proven one, and the stranger's browser only saves an answer."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    stranger.api("start")
    stranger.api("save-progress", step=1, responses={}, contact={"email": VERA})
    vera.post(reverse("privacy:ask"), {"email": VERA})
    vera.get(mailed_path(mailbox, VERA, "privacy/open"))
    vera.post(reverse("privacy:correct"), {"email": "vera@new.example", **VERAS})
    stranger.api("save-progress", step=1, responses=dict.fromkeys(definition.questions, "A"))
    answer = stranger.api("submit", responses={})
    page = stranger.get(reverse("assessments:results", args=[answer.json()["assessmentId"]]))
    assert [each for each in ("Secretname", "Secret AG", "vera@new") if each in page.content.decode()] == []


def test_her_form_is_not_filled_by_a_stranger_after_she_moved_to_another_address(
    mailbox: Mailbox, definition: Definition
) -> None:
    """Finding 8: what is left under the old address is his, and she opens the link that was mailed there."""
    vera, stranger = Browser(), Browser()
    vera.finish(definition, for_api({"email": VERA, **VERAS}), {})
    vera_corrects(vera, mailbox)
    vera.post(reverse("privacy:correct"), {"email": "vera@new.example", **VERAS})
    stranger.finish(definition, for_api({"email": VERA, **MALS}), {})
    vera.get(mailed_path(mailbox, VERA, "privacy/open"))
    form = vera.get(reverse("privacy:yours")).context["form"]
    assert form.initial == {"email": VERA}


@pytest.mark.parametrize("beforehand", [True, False], ids=["page opened before", "page opened after"])
def test_a_stranger_reads_nothing_of_what_sales_corrected(definition: Definition, beforehand: bool) -> None:
    """Finding 4: sales calls Vera, who says what is right."""
    stranger = Browser()
    assessment = stranger.finish(definition, for_api({"email": VERA, **MALS}), {})
    if beforehand:
        stranger.post(reverse("privacy:from_result", args=[assessment]), {})
    sales = member("Sales")
    found = Assessment.objects.get(pk=assessment)
    correct_lead(found.pk, Contact(**{"email": VERA, **VERAS}), by=sales)
    results = reverse("assessments:results", args=[assessment])
    page = stranger.get(results).content.decode()
    if not beforehand:
        stranger.post(reverse("privacy:from_result", args=[assessment]), {})
    page += stranger.get(reverse("privacy:yours")).content.decode()
    assert [each for each in ("Secretname", "Secret AG", "5550002") if each in page] == []
    stranger.post(reverse("assessments:contact", args=[assessment]), {"email": MAL, **MALS})
    found.refresh_from_db()
    assert (found.email, found.company) == (VERA, VERAS["company"])
