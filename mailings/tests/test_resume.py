"""Continuing an assessment on another device by a mailed link: who may, until when, and what it shows."""

import io
import re
from datetime import timedelta

import pytest
from constance.test import override_config
from django.conf import settings
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from assessments.lifecycle.address_proof import address_is_proven
from assessments.models import Assessment, AssessmentLink, AssessmentSession, SuppressedAddress
from assessments.tests.browsing import (
    Response,
    answer_step,
    assessment_of,
    finish,
    give_address,
    leave_address,
    start,
)
from assessments.tests.factories import VersionFactory
from mailings.models import Mail
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from privacy.requests.erasure import erase
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version", "mailbox")]

ASK = reverse("mailings:resume_by_mail")
ADDRESS = "ada@engines.example"


@pytest.fixture
def begun(client: Client, definition: Definition) -> Client:
    """A browser with the first step answered."""
    start(client)
    answer_step(client, definition, 1, "B")
    return client


def ask(client: Client, address: str = ADDRESS) -> Response:
    return client.post(ASK, {"email": address, "assessment": assessment_of(client)})


def link(mailbox: Mailbox) -> str:
    """The path of the link in the only mail."""
    send_due()
    [mail] = mailbox.mails
    found = re.search(r"https://check.example.com(/continue/\S+)", text_of(mail))
    assert found
    assert found[1] in text_of(mail, "html")
    return found[1]


def test_the_link_goes_on_where_the_other_device_stopped(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    ask(begun)
    url, other = link(mailbox), Client()
    page = other.get(url)
    assert (page.context["answered"], page.context["question_count"], page.context["step"]) == (4, 16, 2)
    assert "4 of 16 questions are answered, last saved on" in page.content.decode()
    assert other.post(url)["Location"] == reverse("assessments:step", args=[2])
    for step in range(2, 5):
        answer_step(other, definition, step, "B")
    give_address(other)
    assessment = Assessment.objects.get()
    assert (assessment.total_score, len(assessment.responses)) == (60, 16)
    assert other.get(reverse("assessments:results", args=[assessment.pk])).status_code == 200


def test_a_page_of_an_earlier_assessment_mails_no_link_to_the_current_one(
    begun: Client, mailbox: Mailbox
) -> None:
    earlier = assessment_of(begun)
    begun.cookies.pop(settings.ASSESSMENT_COOKIE_NAME)
    start(begun)
    assert begun.post(ASK, {"email": ADDRESS, "assessment": earlier}).status_code == 409
    send_due()
    assert mailbox.mails == []


def test_looking_at_the_link_opens_nothing_yet(begun: Client, mailbox: Mailbox) -> None:
    ask(begun)
    other = Client()
    other.get(link(mailbox))
    assert other.get(reverse("assessments:step", args=[1])).status_code == 404


def test_the_device_that_asked_is_out_once_another_goes_on(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    ask(begun)
    other = Client()
    other.post(link(mailbox))
    answer_step(other, definition, 2, "A")
    assert answer_step(begun, definition, 3, "C").status_code == 410
    assert len(AssessmentSession.objects.get().responses) == 8


def test_a_stranger_reads_nothing_of_whoever_goes_on_by_their_link(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    ask(begun, "rosa@victim.example")
    rosa = Client()
    rosa.post(link(mailbox))
    for step in range(2, 5):
        answer_step(rosa, definition, step, "B")
    give_address(rosa)
    assessment = Assessment.objects.get()
    results = reverse("assessments:results", args=[assessment.pk])
    details = {"email": "rosa@victim.example", "company": "Secret GmbH"}
    rosa.post(reverse("assessments:contact", args=[assessment.pk]), details)
    assert "Secret GmbH" in rosa.get(results).content.decode()
    assert begun.get(results).status_code == 410
    assert address_is_proven(Assessment.objects.get())


def test_the_address_is_proven_by_a_click_and_not_by_a_look(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    leave_address(begun, ADDRESS)
    ask(begun)
    url = link(mailbox)
    other = Client()
    other.get(url)
    assert not address_is_proven(Assessment.objects.get())
    other.post(url)
    assert address_is_proven(Assessment.objects.get())
    leave_address(other, "else@engines.example")
    assert not address_is_proven(Assessment.objects.get())


def test_a_newer_version_of_the_questionnaire_does_not_break_it(
    begun: Client, mailbox: Mailbox, version: QuestionnaireVersion, definition: Definition
) -> None:
    ask(begun)
    VersionFactory.create(
        content=definition, questionnaire=version.questionnaire, number=2, checksum="another"
    )
    other = Client()
    other.post(link(mailbox))
    for step in range(2, 5):
        answer_step(other, definition, step, "A")
    give_address(other)
    assert Assessment.objects.get(completed_at__isnull=False).version_id == version.pk


def test_the_address_makes_no_lead_and_is_forgotten_when_the_mail_is_gone(
    begun: Client, mailbox: Mailbox
) -> None:
    ask(begun)
    assert AssessmentLink.objects.get().address == ADDRESS
    link(mailbox)
    assert AssessmentLink.objects.get().address is None
    assert AssessmentSession.objects.get().email is None
    assert Assessment.objects.get().hubspot_sync_status == "pending"  # as of every open assessment


def test_the_answer_is_the_same_for_an_address_that_we_must_not_write_to(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    SuppressedAddress.objects.suppress("erased@engines.example")
    pages = [ask(begun, address) for address in (ADDRESS, "erased@engines.example")]
    assert len({page.content for page in pages}) == 1
    send_due()
    send_due()
    assert [mail["To"] for mail in mailbox.mails] == [ADDRESS]
    assert not AssessmentLink.objects.filter(address__isnull=False).exists()


def test_an_address_gets_one_link_an_hour(begun: Client, mailbox: Mailbox) -> None:
    ask(begun)
    ask(begun)
    send_due()
    assert len(mailbox.mails) == 1


def test_asking_is_limited(begun: Client) -> None:
    with override_config(LIMIT_RESUME_MAILS_PER_HOUR=2):
        codes = [ask(begun, f"a{number}@engines.example").status_code for number in range(3)]
    assert codes == [200, 200, 429]


def test_a_wrong_address_comes_back_beside_its_field(begun: Client) -> None:
    page = ask(begun, "not an address")
    assert page.status_code == 422
    assert "name@company.com" in page.content.decode()
    assert not Mail.objects.exists()


def test_a_step_saves_before_it_leads_to_the_page_that_asks(client: Client, definition: Definition) -> None:
    start(client)
    assert "Continue on another device" in client.get(reverse("assessments:step", args=[1])).content.decode()
    assert answer_step(client, definition, 1, "B", direction="elsewhere")["Location"] == ASK
    assert len(AssessmentSession.objects.get().responses) == 4
    assert client.get(ASK).status_code == 200


def test_without_a_session_nobody_asks(client: Client) -> None:
    assert ask(client).status_code == 404
    assert not Mail.objects.exists()


def test_a_finished_assessment_closes_its_link(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    ask(begun)
    url = link(mailbox)
    for step in range(2, 5):
        answer_step(begun, definition, step, "B")
    give_address(begun)
    page = Client().get(url)
    assert page.status_code == 410
    assert "finished" in page.content.decode()
    assert Client().post(url).status_code == 410


def test_an_expired_link_says_what_to_do(begun: Client, mailbox: Mailbox) -> None:
    ask(begun)
    url = link(mailbox)
    AssessmentLink.objects.update(expires_at=F("expires_at") - timedelta(days=2))
    page = Client().get(url)
    assert page.status_code == 410
    assert "ask for a new link there" in page.content.decode()


def test_a_link_to_a_session_that_has_ended_is_expired(begun: Client, mailbox: Mailbox) -> None:
    ask(begun)
    url = link(mailbox)
    AssessmentSession.objects.update(expires_at="2020-01-01T00:00Z")
    assert Client().get(url).status_code == 410


@pytest.mark.parametrize("token", ["x", "x" * 43, "x" * 900])
def test_a_stolen_or_broken_token_opens_nothing(begun: Client, token: str) -> None:
    assert Client().post(f"/continue/{token}/").status_code == 404


def test_the_key_of_a_session_alone_opens_nothing(begun: Client, client: Client) -> None:
    """Whoever reads the database knows the key, and cannot sign it."""
    thief = Client()
    for forged in (AssessmentSession.objects.get().pk, f"{AssessmentSession.objects.get().pk}:forged"):
        thief.cookies["assessment"] = forged
        assert thief.get(reverse("assessments:step", args=[1])).status_code == 410


def test_an_erasure_of_that_address_takes_the_link_that_waits_for_it(begun: Client, mailbox: Mailbox) -> None:
    ask(begun)
    erase(ADDRESS, asked_by="prospect")
    assert not AssessmentLink.objects.exists()
    send_due()
    assert mailbox.mails == []


def test_an_erasure_of_its_person_closes_the_link(
    begun: Client, mailbox: Mailbox, definition: Definition
) -> None:
    leave_address(begun, "grace@compilers.example")
    ask(begun)
    url = link(mailbox)
    erase("grace@compilers.example", asked_by="prospect")
    assert Client().get(url).status_code == 404


def test_a_mail_of_a_result_links_to_a_report_without_a_name(
    client: Client, mailbox: Mailbox, definition: Definition
) -> None:
    assessment = finish(client, definition, "D")
    details = {"email": ADDRESS, "company": "Engines", "first_name": "Ada", "consent": "result"}
    client.post(reverse("assessments:contact", args=[assessment.pk]), details)
    send_due()
    [mail] = mailbox.mails
    found = re.search(r"https://check.example.com(/report/\S+)", text_of(mail))
    assert found
    assert found[1] in text_of(mail, "html")
    paper = Client().get(found[1])
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(paper.content)).pages
    assert not any("Engines" in page.extract_text() for page in pages)
