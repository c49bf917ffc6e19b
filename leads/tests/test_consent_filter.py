"""The filter by consent finds the leads of which the list says so."""

from typing import Any
from uuid import UUID

import pytest
from constance.test import override_config

from accounts.models import User
from assessments.lifecycle.consents import choices_by_assessment, record_choices
from assessments.models import Assessment, ConsentSource, Purpose
from leads.admin.current_view import leads_of_view
from leads.admin.filters import CONSENTS
from leads.briefing.consent_words import consent_in_words

pytestmark = pytest.mark.django_db

# Choices in their order: (by the owner of the proven address, purpose, given).
HISTORIES = {
    "silent": [],
    "typed-yes": [(False, Purpose.FOLLOW_UP, True)],
    "typed-no": [(False, Purpose.FOLLOW_UP, False)],
    "owner-yes": [(True, Purpose.FOLLOW_UP, True)],
    "owner-no": [(True, Purpose.FOLLOW_UP, False)],
    "owner-no-typed-yes": [(True, Purpose.FOLLOW_UP, False), (False, Purpose.FOLLOW_UP, True)],
    "owner-yes-typed-no": [(True, Purpose.FOLLOW_UP, True), (False, Purpose.FOLLOW_UP, False)],
    "typed-no-then-yes": [(False, Purpose.FOLLOW_UP, False), (False, Purpose.FOLLOW_UP, True)],
    "owner-yes-then-no": [(True, Purpose.FOLLOW_UP, True), (True, Purpose.FOLLOW_UP, False)],
    "typed-news": [(False, Purpose.MARKETING, True)],
    "owner-news-no": [(True, Purpose.MARKETING, False)],
}


@pytest.fixture
def leads(lead: Any) -> list[Assessment]:
    """A lead with each history, and another of the same address for each, in which nothing was said."""
    found = []
    for name, history in HISTORIES.items():
        one, other = lead(name), lead(name)
        for by_owner, purpose, given in history:
            scope = None if by_owner else one.pk
            record_choices(one.email, {purpose: given}, ConsentSource.STEP, assessment=scope)
        found += [one, other]
    return found


def states(lead: Assessment, *, needed: bool) -> set[str]:
    """What a row of the list says of it."""
    assert lead.email
    choices = choices_by_assessment({lead.pk: lead.email})[lead.pk]
    said = {None: "silent", True: "agreed", False: "objected"}[choices.get(Purpose.FOLLOW_UP)]
    forbids = consent_in_words(choices, needed=needed).forbids
    return {said} if forbids else {said, "callable"}


def found_by(leads: list[Assessment], *wanted: str, needed: bool) -> set[UUID]:
    return {lead.pk for lead in leads if states(lead, needed=needed) & set(wanted)}


@pytest.mark.parametrize("needed", [False, True])
@pytest.mark.parametrize("wanted", [*((state,) for state in CONSENTS), ("agreed", "objected")])
def test_it_finds_whom_the_rows_say(
    admin_user: User, leads: list[Assessment], wanted: tuple[str, ...], needed: bool
) -> None:
    with override_config(HUBSPOT_NEEDS_CONSENT=needed):
        found = leads_of_view(admin_user, "tab=all" + "".join(f"&consent={state}" for state in wanted))
        assert {lead.pk for lead in found} == found_by(leads, *wanted, needed=needed) != set()


def test_what_it_does_not_know_finds_nobody(admin_user: User, leads: list[Assessment]) -> None:
    assert not leads_of_view(admin_user, "tab=all&consent=nonsense").exists()


@pytest.mark.parametrize("state", CONSENTS)
def test_who_was_scrubbed_is_in_no_state(admin_user: User, erased_lead: Assessment, state: str) -> None:
    assert not leads_of_view(admin_user, f"tab=all&consent={state}").exists()
