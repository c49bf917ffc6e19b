"""Signs that nobody real is behind an assessment: they mark it, and stop nobody."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from constance.test import override_config
from django.test import Client
from django.urls import reverse
from dns.resolver import Resolver

from assessments.bots import proof
from assessments.bots.mail_servers import check_domains, record_verdict, unchecked_leads
from assessments.lifecycle import services
from assessments.models import Assessment
from assessments.models.email_domains import did_you_mean, is_disposable
from assessments.models.signs import Sign
from assessments.qualification import Contact
from assessments.tests.browsing import answer_step, finish, give_address, start
from assessments.tests.factories import AssessmentFactory
from assessments.tests.name_server import name_server
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion

ZONE = {
    "good.example": {"MX": "10 mail.good.example."},
    "plain.example": {"A": "192.0.2.1"},
    "null.example": {"MX": "0 ."},
    "empty.example": {},
    "broken.example": {"broken": ""},
}


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    with name_server(ZONE) as found:
        yield found


@pytest.fixture
def no_hurry(db: None) -> Iterator[None]:
    """Tests answer faster than people."""
    with override_config(LEAST_SECONDS=0):
        yield


@pytest.fixture
def proof_asked(db: None) -> Iterator[None]:
    with override_config(PROOF_OF_WORK_ENABLED=True):
        yield


# What a browser shows


@pytest.mark.usefixtures("no_hurry")
def test_whoever_fills_in_the_form_like_a_person_is_not_doubted(
    client: Client, definition: Definition
) -> None:
    assert finish(client, definition, "B", email="ada@engines.example").doubts == []


@pytest.mark.usefixtures("no_hurry")
def test_a_field_that_nobody_sees_marks_the_lead_and_drops_nothing(
    client: Client, definition: Definition
) -> None:
    start(client)
    answer_step(client, definition, 1, "B", homepage="https://buy.example")
    for step in (2, 3, 4):
        answer_step(client, definition, step, "B")
    give_address(client, "ada@engines.example")
    lead = Assessment.objects.get()
    assert (lead.doubts, lead.email, lead.hubspot_sync_status) == (
        ["honeypot"],
        "ada@engines.example",
        "pending",
    )


@pytest.mark.usefixtures("no_hurry")
def test_the_hidden_field_of_the_result_page_counts_too(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "B")
    url = reverse("assessments:contact", args=[assessment.pk])
    client.post(url, {"email": "ada@engines.example", "homepage": "x"})
    assessment.refresh_from_db()
    assert assessment.doubts == ["honeypot"]


def test_faster_than_people_read_is_accepted_and_marked(client: Client, definition: Definition) -> None:
    assessment = finish(client, definition, "B")
    assert (assessment.total_score, assessment.doubts) == (60, ["too_fast"])


@pytest.mark.usefixtures("no_hurry")
def test_a_browser_that_calls_itself_a_robot_is_marked(definition: Definition) -> None:
    robot = Client(headers={"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert finish(robot, definition, "B").doubts == ["robot"]


def test_who_is_signed_in_to_the_back_office_makes_a_test(
    sales: Client, version: QuestionnaireVersion
) -> None:
    start(sales)
    assert Assessment.objects.get().doubts == ["test"]


def test_a_robot_is_marked_from_its_start(version: QuestionnaireVersion) -> None:
    start(Client(headers={"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}))
    assert Assessment.objects.get().doubts == ["robot"]


# Proof of work


def solved(assessment: Any) -> str:
    """The number, as the script in the browser finds it: by trying."""
    asked = proof.challenge(assessment)
    tries = range(asked.most + 1)
    return str(
        next(n for n in tries if hashlib.sha256(f"{assessment}:{n}".encode()).hexdigest() == asked.hash)
    )


def test_a_solved_challenge_proves_one_assessment_and_no_other() -> None:
    one, other = uuid4(), uuid4()
    assert proof.is_proven(one, solved(one))
    assert not proof.is_proven(other, solved(one))


@pytest.mark.parametrize("answer", ["", "-1", "x" * 1000, "\0", "٣"])
def test_what_is_no_answer_proves_nothing(answer: str) -> None:
    assert not proof.is_proven(uuid4(), answer)


@pytest.mark.usefixtures("no_hurry", "proof_asked")
def test_without_a_proof_the_form_works_and_the_lead_is_marked(
    client: Client, definition: Definition
) -> None:
    assert finish(client, definition, "B").doubts == ["no_proof"]


@pytest.mark.usefixtures("no_hurry", "proof_asked")
def test_with_a_proof_nobody_is_marked(client: Client, definition: Definition) -> None:
    start(client)
    page = client.get(reverse("assessments:step", args=[1])).content.decode()
    assessment = Assessment.objects.get()
    assert proof.challenge(assessment.pk).hash in page
    for step in (1, 2, 3, 4):
        answer_step(client, definition, step, "B")
    give_address(client, proof=solved(assessment.pk))
    assessment.refresh_from_db()
    assert (assessment.total_score, assessment.doubts) == (60, [])


# Addresses


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("a@mailinator.com", True),
        ("a@x.mailinator.com", True),
        ("a@mailinator.com.example", False),
        ("a@engines.example", False),
        ("a", False),
    ],
)
def test_throw_away_domains_are_known(address: str, expected: bool) -> None:
    assert is_disposable(address) is expected


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmail.con", "ada@gmail.com"),
        ("ada@t-onlin.de", "ada@t-online.de"),
        ("ada@gmail.com", ""),
        ("ada@mail.com", ""),
        ("ada@acme.com", ""),
        ("@gmial.com", ""),
        ("gmial.com", ""),
        (None, ""),
    ],
)
def test_a_misspelt_domain_is_guessed(address: str | None, meant: str) -> None:
    assert did_you_mean(address) == meant


def test_the_form_asks_whether_another_domain_was_meant_and_keeps_what_was_typed(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "B", email="ada@gmial.com")
    assert assessment.email == "ada@gmial.com"
    page = client.get(f"/results/{assessment.pk}/").content.decode()
    assert "Did you mean ada@gmail.com?" in page
    assert page.index('value="ada@gmial.com"') < page.index('value="ada@gmail.com"'), (
        "what is sent last counts"
    )
    sent = {"email": ["ada@gmial.com", "ada@gmail.com"], "call_time": ""}  # the field, and the button
    client.post(reverse("assessments:contact", args=[assessment.pk]), sent)
    assert Assessment.objects.get().email == "ada@gmail.com"


@pytest.mark.usefixtures("no_hurry")
def test_another_address_voids_what_was_said_of_the_one_before(
    client: Client, definition: Definition
) -> None:
    assessment = finish(client, definition, "B", email="a@mailinator.com")
    assert assessment.doubts == ["disposable"]
    token = client.cookies["assessment"].value
    assert services.update_contact(token, Contact(email="ada@engines.example")).doubts == []


@pytest.mark.parametrize(
    ("domain", "doubts", "answered"),
    [
        ("good.example", [], 1),
        ("plain.example", [], 1),
        ("null.example", ["no_mail_server"], 1),
        ("empty.example", ["no_mail_server"], 1),
        ("missing.example", ["no_mail_server"], 1),
        ("broken.example", [], 0),
    ],
)
def test_a_domain_that_takes_no_mail_marks_its_leads(
    version: QuestionnaireVersion, resolver: Resolver, domain: str, doubts: list[str], answered: int
) -> None:
    AssessmentFactory.create(version=version, email=f"ada@{domain}")
    assert check_domains(resolver) == answered
    assert Assessment.objects.get().doubts == doubts
    assert check_domains(resolver) == 0


def test_a_sign_that_comes_while_dns_is_asked_is_kept(
    version: QuestionnaireVersion, resolver: Resolver
) -> None:
    AssessmentFactory.create(version=version, email="ada@missing.example")
    asked_about = unchecked_leads().get()
    Assessment.objects.update(doubts=["honeypot"])
    assert record_verdict(asked_about, takes=False) == 0
    assert check_domains(resolver) == 1
    assert Assessment.objects.get().doubts == ["honeypot", "no_mail_server"]


def test_a_lead_of_last_week_is_asked_about_no_more(
    version: QuestionnaireVersion, resolver: Resolver
) -> None:
    AssessmentFactory.create(version=version, email="ada@missing.example")
    Assessment.objects.update(completed_at="2020-01-01T00:00Z")
    assert check_domains(resolver) == 0


# Sales


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("doubts=none", {"ada"}),
        ("doubts=any", {"bot"}),
        ("doubts=honeypot", {"bot"}),
        ("doubts=robot", set()),
    ],
)
def test_sales_see_doubtful_leads_and_can_leave_them_out(
    sales: Client, version: QuestionnaireVersion, query: str, found: set[str]
) -> None:
    AssessmentFactory.create(version=version, email="ada@x.example")
    bot = AssessmentFactory.create(version=version, email="bot@x.example", doubts=["honeypot", "too_fast"])
    page = sales.get(reverse("admin:leads_lead_changelist") + f"?{query}").content.decode()
    assert {name for name in ("ada", "bot") if f"{name}@x.example" in page} == found
    tags = '">Hidden field</span> <span class="bo-tag bo-warn" title="'
    assert (tags in page) == ("bot" in found)
    lead = sales.get(reverse("admin:leads_lead_change", args=[bot.pk])).content.decode()
    assert all(sign.label in lead for sign in (Sign.HONEYPOT, Sign.TOO_FAST))
