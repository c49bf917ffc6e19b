"""Two at the same lead, on two real connections: the second waits, and both are told what is so."""

import pytest
from django.db import transaction

from accounts.models import User
from accounts.tests.people import member
from assessments.models import Assessment
from leads.models import ContactOutcome, LeadEvent, LeadWork
from leads.working import add_note, assign_owner, claim_leads, record_outcome, release_lead
from privacy.requests.erasure import erase
from tests.elsewhere import Elsewhere

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sam(db: None) -> User:
    return member("Sales")


@pytest.fixture
def kim(db: None) -> User:
    return User.objects.create_user("kim@example.com", full_name="Kim", is_staff=True)


def history(lead: Assessment) -> list[str]:
    return list(LeadEvent.objects.filter(assessment=lead).order_by("id").values_list("kind", flat=True))


def test_who_claims_what_is_being_assigned_is_told_who_has_it(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        assign_owner([hot_lead.pk], kim, by=kim)
        claim = elsewhere.waits(lambda: claim_leads([hot_lead.pk], sam))
    assert (claim.result().won, claim.result().lost) == (frozenset(), {hot_lead.pk: kim})
    assert history(hot_lead) == ["assigned"]


def test_an_assignment_goes_over_a_claim_of_the_same_moment(
    hot_lead: Assessment, cold_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    both = [hot_lead.pk, cold_lead.pk]
    with transaction.atomic():
        claim_leads([hot_lead.pk], sam)
        moved = elsewhere.waits(lambda: assign_owner(both, kim, by=kim))
    assert moved.result() == 2
    assert set(LeadWork.objects.values_list("owner", flat=True)) == {kim.pk}
    assert history(hot_lead) == ["claimed", "assigned"]


def test_two_who_assign_the_same_leads_in_another_order_wait_for_each_other(
    hot_lead: Assessment, cold_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    keys = [hot_lead.pk, cold_lead.pk]
    with transaction.atomic():
        assign_owner(keys, sam, by=kim)
        moved = elsewhere.waits(lambda: assign_owner(keys[::-1], kim, by=kim))
    assert moved.result() == 2
    assert set(LeadWork.objects.values_list("owner", flat=True)) == {kim.pk}


def test_an_outcome_does_not_take_a_lead_that_is_being_assigned(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        assign_owner([hot_lead.pk], kim, by=kim)
        outcome = elsewhere.waits(lambda: record_outcome(hot_lead.pk, ContactOutcome.REACHED, by=sam))
    outcome.result()
    work = LeadWork.objects.get(pk=hot_lead.pk)
    assert (work.owner, work.outcome) == (kim, "reached")
    assert history(hot_lead) == ["assigned", "outcome"]


def test_an_assignment_keeps_the_outcome_of_the_same_moment(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        record_outcome(hot_lead.pk, ContactOutcome.MEETING, by=sam)
        moved = elsewhere.waits(lambda: assign_owner([hot_lead.pk], kim, by=kim))
    assert moved.result() == 1
    work = LeadWork.objects.get(pk=hot_lead.pk)
    assert (work.owner, work.outcome) == (kim, "meeting")


def test_a_lead_that_is_being_given_back_is_claimed_by_who_waits(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    claim_leads([hot_lead.pk], sam)
    with transaction.atomic():
        release_lead(hot_lead.pk, by=sam)
        claim = elsewhere.waits(lambda: claim_leads([hot_lead.pk], kim))
    assert claim.result().won == {hot_lead.pk}
    assert LeadWork.objects.get(pk=hot_lead.pk).owner == kim


def test_nobody_gets_a_lead_whose_person_is_being_erased(
    hot_lead: Assessment, sam: User, kim: User, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        erase("ada@engines.example", asked_by="test")
        claim = elsewhere.waits(lambda: claim_leads([hot_lead.pk], sam))
    assert claim.result().won == frozenset()
    assert history(hot_lead) == []


def test_what_is_noted_before_an_erasure_goes_with_it(
    hot_lead: Assessment, sam: User, elsewhere: Elsewhere
) -> None:
    with transaction.atomic():
        add_note(hot_lead.pk, "Ada is on holiday", by=sam)
        erased = elsewhere.waits(lambda: erase("ada@engines.example", asked_by="test"))
    erased.result()
    assert history(hot_lead) == []
