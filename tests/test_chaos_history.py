"""The history check of the chaos cases must see what is wrong, or their "ok" means nothing."""

from dataclasses import replace

import pytest

from tests.chaos.history import Accepted, Account, History, Lead

ADA = Lead("a", "Ada@x.example", True, "synced", "1", "11", "done")
GRACE = Lead("g", "grace@x.example", False, "synced", "2", None, "done")
ADDRESSES = {"a": "Ada@x.example", "g": "grace@x.example"}
ACCOUNT = Account([("1", "ada@x.example"), ("2", "grace@x.example")], [("11", "a")], [("11", "1")])
CLEAN = History(Accepted(ADDRESSES), [ADA, GRACE], ACCOUNT)


def test_both_sides_agree() -> None:
    assert CLEAN.complaints() == []


WRONG = {
    "accepted, but not in our database": replace(CLEAN, leads=[ADA]),
    "in our database, but never accepted": replace(CLEAN, accepted=Accepted({"a": "Ada@x.example"})),
    "lost contacts": replace(CLEAN, account=replace(ACCOUNT, contacts=[("1", "ada@x.example")])),
    "doubled contacts": replace(
        CLEAN, account=replace(ACCOUNT, contacts=[*ACCOUNT.contacts, ("3", "ADA@x.example")])
    ),
    "contacts nobody asked for": replace(
        CLEAN, account=replace(ACCOUNT, contacts=[*ACCOUNT.contacts, ("3", "eve@x.example")])
    ),
    "lost deals": replace(CLEAN, account=replace(ACCOUNT, deals=[])),
    "doubled deals": replace(CLEAN, account=replace(ACCOUNT, deals=[("11", "a"), ("12", "a")])),
    "deals nobody asked for": replace(CLEAN, account=replace(ACCOUNT, deals=[("11", "a"), ("12", "g")])),
    "lost links": replace(CLEAN, account=replace(ACCOUNT, links=[])),
    "doubled links": replace(CLEAN, account=replace(ACCOUNT, links=[("11", "1"), ("11", "1")])),
    "links nobody asked for": replace(CLEAN, account=replace(ACCOUNT, links=[("11", "1"), ("11", "2")])),
    "rows not done": replace(CLEAN, leads=[ADA, replace(GRACE, row="waiting")]),
    "leads not marked synced": replace(CLEAN, leads=[ADA, replace(GRACE, status="pending")]),
    "leads with another contact than HubSpot's": replace(CLEAN, leads=[ADA, replace(GRACE, contact="1")]),
    "leads with another deal than HubSpot's": replace(CLEAN, leads=[replace(ADA, deal="12"), GRACE]),
    "bad leads not failed": replace(CLEAN, failing={"g": "invalid_email"}),
    "bad leads with another cause": replace(
        CLEAN,
        leads=[ADA, replace(GRACE, row="failed", status="failed", cause="timeout")],
        failing={"g": "invalid_email"},
    ),
}


@pytest.mark.parametrize("complaint", WRONG)
def test_it_sees(complaint: str) -> None:
    assert any(complaint in found for found in WRONG[complaint].complaints())


def test_a_lead_that_must_fail_is_in_nobodys_account() -> None:
    grace = replace(GRACE, row="failed", status="failed", cause="invalid_email")
    history = replace(CLEAN, leads=[ADA, grace], failing={"g": "invalid_email"})
    assert history.complaints() == ["1 contacts nobody asked for (grace@x.example)"]


def test_a_submit_without_an_answer_may_have_been_accepted_or_not() -> None:
    accepted = Accepted({"a": "Ada@x.example"}, unsure=frozenset({"grace@x.example", "nobody@x.example"}))
    assert replace(CLEAN, accepted=accepted).complaints() == []


def test_two_assessments_of_one_person_are_one_contact_with_two_deals() -> None:
    again = replace(ADA, key="b", address="ada@x.example", deal="12")
    account = replace(ACCOUNT, deals=[("11", "a"), ("12", "b")], links=[("11", "1"), ("12", "1")])
    accepted = Accepted(ADDRESSES | {"b": "ada@x.example"})
    assert History(accepted, [ADA, GRACE, again], account).complaints() == []
