"""Working on leads: claims, outcomes, follow-ups, notes, and what the scrub leaves of them."""

from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from accounts.tests.people import member
from assessments.models import Assessment
from leads.models import ContactOutcome, LeadEvent, LeadNote, LeadWork
from leads.working import (
    LeadIsClosed,
    add_note,
    assign_owner,
    claim_leads,
    follow_up,
    record_outcome,
    release_lead,
)
from privacy.requests.erasure import erase
from tests.elsewhere import Elsewhere

DAY = date(2026, 12, 1)


@pytest.fixture
def sam(db: None) -> User:
    return member("Sales")


@pytest.fixture
def kim(db: None) -> User:
    return User.objects.create_user("kim@example.com", full_name="Kim", is_staff=True)


def owner_of(lead: Assessment) -> User | None:
    return LeadWork.objects.get(pk=lead.pk).owner


def history(lead: Assessment) -> list[tuple[str, str]]:
    """(kind, value) of each event, oldest first."""
    return list(LeadEvent.objects.filter(assessment=lead).order_by("id").values_list("kind", "value"))


def test_a_free_lead_is_claimed(hot_lead: Assessment, sam: User) -> None:
    assert claim_leads([hot_lead.pk], sam).won == {hot_lead.pk}
    assert owner_of(hot_lead) == sam
    assert history(hot_lead) == [("claimed", "")]


def test_who_comes_second_is_told_who_has_it(hot_lead: Assessment, sam: User, kim: User) -> None:
    claim_leads([hot_lead.pk], sam)
    claimed = claim_leads([hot_lead.pk], kim)
    assert (claimed.won, claimed.lost) == (frozenset(), {hot_lead.pk: sam})
    assert owner_of(hot_lead) == sam


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_gets_it(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    together = Barrier(2)

    def press(user: User) -> bool:
        together.wait(10)
        return bool(claim_leads([hot_lead.pk], user).won)

    pressed = {user: elsewhere.begin(press, user) for user in (sam, kim)}
    won = {user: each.result() for user, each in pressed.items()}
    assert sorted(won.values()) == [False, True]
    assert won[owner_of(hot_lead)]  # type: ignore[index]  # it has an owner
    assert len(history(hot_lead)) == 1


def test_claiming_ones_own_lead_again_changes_nothing(hot_lead: Assessment, sam: User) -> None:
    claim_leads([hot_lead.pk], sam)
    again = claim_leads([hot_lead.pk], sam)
    assert (again.won, again.lost) == (frozenset(), {})
    assert len(history(hot_lead)) == 1


def test_a_scrubbed_lead_cannot_be_claimed(erased_lead: Assessment, sam: User) -> None:
    assert claim_leads([erased_lead.pk], sam).won == frozenset()
    assert not LeadWork.objects.exists()


def test_leads_are_assigned_whoever_has_them(
    hot_lead: Assessment, cold_lead: Assessment, sam: User, kim: User
) -> None:
    claim_leads([hot_lead.pk], sam)
    assert assign_owner([hot_lead.pk, cold_lead.pk], kim, by=sam) == 2
    assert {owner_of(hot_lead), owner_of(cold_lead)} == {kim}
    assert assign_owner([hot_lead.pk], kim, by=sam) == 0


def test_a_lead_given_back_is_free(hot_lead: Assessment, sam: User, kim: User) -> None:
    claim_leads([hot_lead.pk], sam)
    assert release_lead(hot_lead.pk, by=sam)
    assert not release_lead(hot_lead.pk, by=sam)
    assert claim_leads([hot_lead.pk], kim).won


def test_an_outcome_makes_its_reporter_the_owner(hot_lead: Assessment, sam: User) -> None:
    record_outcome(hot_lead.pk, ContactOutcome.NO_ANSWER, by=sam, follow_up_on=DAY)
    work = LeadWork.objects.get(pk=hot_lead.pk)
    assert (work.owner, work.outcome, work.follow_up_on) == (sam, "no_answer", DAY)
    assert history(hot_lead) == [("claimed", ""), ("outcome", "no_answer"), ("follow_up", "2026-12-01")]


def test_the_first_contact_stays_the_first(hot_lead: Assessment, sam: User) -> None:
    record_outcome(hot_lead.pk, ContactOutcome.NO_ANSWER, by=sam)
    first = LeadWork.objects.get(pk=hot_lead.pk).first_contact_at
    record_outcome(hot_lead.pk, ContactOutcome.REACHED, by=sam)
    work = LeadWork.objects.get(pk=hot_lead.pk)
    assert work.first_contact_at == first
    assert work.last_contact_at
    assert history(hot_lead)[-1] == ("outcome", "reached")


def test_a_follow_up_is_planned_and_dropped(hot_lead: Assessment, sam: User) -> None:
    follow_up(hot_lead.pk, DAY, by=sam)
    follow_up(hot_lead.pk, DAY, by=sam)
    follow_up(hot_lead.pk, None, by=sam)
    assert history(hot_lead) == [("follow_up", "2026-12-01"), ("follow_up", "")]


def test_a_note_is_encrypted(hot_lead: Assessment, sam: User) -> None:
    add_note(hot_lead.pk, "Ada is on holiday", by=sam)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM lead_notes")
        assert "holiday" not in cursor.fetchone()[0]
    assert LeadNote.objects.get().text == "Ada is on holiday"


def test_nothing_is_written_about_somebody_who_is_gone(erased_lead: Assessment, sam: User) -> None:
    for act in (
        lambda: record_outcome(erased_lead.pk, ContactOutcome.REACHED, by=sam),
        lambda: follow_up(erased_lead.pk, DAY, by=sam),
        lambda: add_note(erased_lead.pk, "x", by=sam),
    ):
        with pytest.raises(LeadIsClosed):
            act()
    assert not LeadNote.objects.exists()


def test_an_erasure_deletes_notes_and_history(hot_lead: Assessment, sam: User) -> None:
    record_outcome(hot_lead.pk, ContactOutcome.REACHED, by=sam)
    add_note(hot_lead.pk, "Ada is on holiday", by=sam)
    erase("ada@engines.example", asked_by="test")
    assert not LeadNote.objects.exists()
    assert not LeadEvent.objects.exists()
    assert LeadWork.objects.get().outcome == "reached"  # how many were reached still counts
