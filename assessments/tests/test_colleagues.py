"""Colleagues who are asked to answer too: averages for the sender, and nobody's score in them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.lifecycle.invitations import invite, note_invited
from assessments.models import Assessment, Invitation, InvitedAssessment
from assessments.results.colleagues import (
    Colleagues,
    average_of_pair,
    average_of_pairs,
    compare_with_colleagues,
    with_pair,
)
from assessments.tests.browsing import answer_step, finish, give_address, start
from assessments.tests.factories import ADA
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from privacy.requests.person import by_address
from privacy.requests.personal_data import personal_data_of
from scorecard.definition import Definition

SCORES = {"A": 100, "B": 60, "C": 40, "D": 20, "E": 0}

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(client: Client, definition: Definition, version: object) -> Assessment:
    """Ada's finished assessment, in the browser `client`: 40 of 100 in all and in each area."""
    return finish(client, definition, "C", email=ADA["email"])


def result_page(client: Client, sender: Assessment) -> Any:
    return client.get(reverse("assessments:results", args=[sender.pk]))


def link(client: Client, sender: Assessment) -> str:
    """The link that the sender makes for colleagues."""
    response = client.post(reverse("assessments:invite", args=[sender.pk]))
    assert response["Location"].endswith("#share")
    return str(result_page(client, sender).context["invitation_url"])


def accept(url: str, *, counted: str = "yes") -> Client:
    colleague = Client()
    assert colleague.post(url, {"counted": counted})["Location"] == reverse("assessments:step", args=[1])
    return colleague


def answer_all(colleague: Client, definition: Definition, option: str, email: str = "") -> None:
    for step in range(1, definition.total_steps + 1):
        answer_step(colleague, definition, step, option)
    assert give_address(colleague, email).status_code == 302


def answer(url: str, definition: Definition, option: str, *, counted: str = "yes", email: str = "") -> None:
    """A colleague opens the link in a browser of their own and chooses this option throughout."""
    answer_all(accept(url, counted=counted), definition, option, email)


def seen(client: Client, sender: Assessment) -> Colleagues:
    found: Colleagues = result_page(client, sender).context["colleagues"]
    return found


def test_two_colleagues_are_shown_as_one_average(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    answer(url, definition, "D")
    found = seen(client, sender)
    assert found.people == 2
    assert [(row.own, row.average) for row in found.rows] == [(40, 60)] * (1 + len(definition.sections))
    page = result_page(client, sender).content.decode()
    assert "about 60" in page
    assert not any(f">{score}<" in page for score in (SCORES["A"], SCORES["D"]))


def test_one_colleague_alone_is_never_shown(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    assert seen(client, sender) == Colleagues()
    assert Invitation.objects.get().averages == {}


def test_a_third_colleague_changes_nothing_until_a_fourth_has_answered(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    answer(url, definition, "D")
    before = seen(client, sender)
    answer(url, definition, "E")
    assert seen(client, sender) == before
    answer(url, definition, "D")
    after = seen(client, sender)
    assert (after.people, after.rows[0].average) == (4, average_of_pairs(2, 60 + 10))


def test_looking_in_between_or_at_the_end_makes_no_difference(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answers = [accept(url) for _ in range(4)]
    for colleague, option in zip(answers, "ADEB", strict=True):
        answer_all(colleague, definition, option)
    at_the_end = seen(client, sender)
    assert at_the_end.rows[0].average == average_of_pairs(2, 60 + 30)
    assert seen(client, sender) == at_the_end


def test_counted_colleagues_are_no_longer_tied_to_the_sender(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    answer(url, definition, "D")
    answer(url, definition, "E")
    seen(client, sender)
    assert InvitedAssessment.objects.count() == 1


def test_who_does_not_agree_is_not_counted(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    answer(url, definition, "D", counted="no")
    assert seen(client, sender) == Colleagues()
    assert InvitedAssessment.objects.count() == 1


def test_who_erases_their_data_first_is_not_counted(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A", email="bea@engines.example")
    erase("bea@engines.example", asked_by="prospect")
    answer(url, definition, "D")
    assert seen(client, sender) == Colleagues()


def test_the_page_tells_nothing_of_the_sender(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    client.post(reverse("assessments:contact", args=[sender.pk]), ADA)
    page = Client().get(link(client, sender))
    text = page.content.decode()
    assert [told for told in (*ADA.values(), str(sender.pk), " 40 ") if told in text] == []
    assert page["X-Robots-Tag"] == "noindex"


def test_looking_at_the_link_starts_nothing(client: Client, sender: Assessment) -> None:
    Client().get(link(client, sender))
    assert Assessment.objects.count() == 1


def test_senders_do_not_answer_their_own_invitation(client: Client, sender: Assessment) -> None:
    url = link(client, sender)
    assert client.get(url).context["is_own"]
    assert client.post(url, {"counted": "yes"}).status_code == 200
    assert Assessment.objects.count() == 1


def test_a_result_of_this_browser_is_not_left_without_a_word(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    colleague = Client()
    finish(colleague, definition, "B")
    assert "no longer opens that one" in colleague.get(url).content.decode()


def test_a_second_click_makes_no_second_link(client: Client, sender: Assessment) -> None:
    assert link(client, sender) == link(client, sender)
    assert Invitation.objects.count() == 1
    assert link(client, sender).split("/")[-2] not in str(Invitation.objects.values())


def test_under_another_secret_key_the_link_is_made_anew(client: Client, sender: Assessment) -> None:
    link(client, sender)
    Invitation.objects.update(token_hash="0" * 64)  # as if it had been made under another key
    assert "invitation_url" not in result_page(client, sender).context
    assert Client().get(link(client, sender)).status_code == 200


def test_nobody_invites_to_what_is_not_theirs(sender: Assessment) -> None:
    other = Client()
    start(other)
    assert other.post(reverse("assessments:invite", args=[sender.pk])).status_code == 404
    assert not Invitation.objects.exists()


def test_an_unknown_link_says_so(sender: Assessment) -> None:
    page = Client().get(reverse("assessments:invitation", args=["x" * 43]))
    assert page.status_code == 404
    assert "This link does not work" in page.content.decode()


def test_the_link_ends_with_the_personal_data_of_the_sender(client: Client, sender: Assessment) -> None:
    url = link(client, sender)
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=31))
    page = Client().get(url)
    assert page.status_code == 410
    assert "This invitation has expired" in page.content.decode()


def test_the_scrub_deletes_invitations_and_who_is_waiting(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    answer(link(client, sender), definition, "A")
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=31))
    scrub()
    assert not Invitation.objects.exists()
    assert not InvitedAssessment.objects.exists()


def test_an_erasure_of_the_sender_ends_it_at_once(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    url = link(client, sender)
    answer(url, definition, "A")
    erase(ADA["email"], asked_by="prospect")
    assert Client().get(url).status_code == 404
    assert not InvitedAssessment.objects.exists()


def test_both_are_in_what_we_store_about_a_person(
    client: Client, sender: Assessment, definition: Definition
) -> None:
    answer(link(client, sender), definition, "A", email="bea@engines.example")
    asked = {held.name for held in personal_data_of(by_address(ADA["email"]))}
    invited = {held.name for held in personal_data_of(by_address("bea@engines.example"))}
    assert "invitations" in asked
    assert "invited_assessments" in invited


def test_an_invitation_of_an_erased_sender_takes_nobody(sender: Assessment) -> None:
    invite(sender)
    found = Invitation.objects.get()
    Invitation.objects.all().delete()
    from_another = Client()
    start(from_another)
    note_invited(Assessment.objects.exclude(pk=sender.pk).get(), found)
    assert not InvitedAssessment.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "average"),
    [(40, 60, 50), (40, 50, 50), (40, 48, 40), (0, 0, 10), (0, 20, 10), (100, 100, 90), (100, 78, 90)],
)
def test_an_average_of_two_is_rounded_and_says_nothing_of_the_ends(
    one: int, other: int, average: int
) -> None:
    assert average_of_pair(one, other) == average_of_pair(other, one) == average


@pytest.mark.parametrize("known", range(0, 101, 5))
def test_who_knows_one_score_learns_the_other_only_within_twenty_points(known: int) -> None:
    widths = {
        average: [score for score in range(101) if average_of_pair(known, score) == average]
        for average in {average_of_pair(known, score) for score in range(101)}
    }
    inner = [scores for scores in widths.values() if 0 not in scores and 100 not in scores]
    assert [scores for scores in inner if len(scores) < 20] == []


def test_a_score_that_only_one_of_two_has_is_left_out() -> None:
    averages = with_pair({}, {"": 40, "value": 80}, {"": 60})
    assert averages == {"": (1, 50)}
    found = compare_with_colleagues(averages, total=30, areas=[("value", "Value", 20)])
    assert [(row.name, row.own, row.average) for row in found.rows] == [("", 30, 50)]
