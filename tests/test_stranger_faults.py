"""Would the stories of tests/test_strangers.py notice it? Faults are planted in the product, one at a time.

Each has to be noticed within a few hundred stories. Slow, so it is a part of `script/test --deep`: set
STRANGER_FAULTS to the number of stories.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from constance.test import override_config

from assessments.lifecycle import address_proof, consents, services
from assessments.lifecycle.assessments_of_person import address_of
from assessments.models import ConsentSource, Purpose, SuppressedAddress
from assessments.models.assessment_link import AssessmentLinkQuerySet
from hubspot_sync.delivery import contacts, lead_reader
from hubspot_sync.erasure import erase
from privacy.pages import access_key, confirmation, self_service
from privacy.requests import person
from tests.stranger_world import NO_LIMITS, StrangerWorld, World
from tests.test_strangers import play, world  # noqa: F401  # a fixture

STORIES = int(os.environ.get("STRANGER_FAULTS", "0"))

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not STORIES, reason="STRANGER_FAULTS is not set"),
]
Plant = Callable[[pytest.MonkeyPatch], None]


def typed_details_overwrite(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contacts.ContactPayloads, "may_overwrite", lambda *args: True)


def every_browser_shows_details(patch: pytest.MonkeyPatch) -> None:
    for module in (address_proof, services):
        patch.setattr(module, "may_change_details", lambda session: True)
    for module in (address_proof, services, self_service):
        patch.setattr(module, "shows_details", lambda session: True)
    patch.setattr("assessments.web.pages.results.shows_details", lambda session: True)


def typing_lifts_an_erasure(patch: pytest.MonkeyPatch) -> None:
    recorded = services.record_consent

    def lifting(assessment: Any, address: Any, *args: Any, **kwargs: Any) -> bool:
        if address:
            SuppressedAddress.objects.lift(address)
        return recorded(assessment, address, *args, **kwargs)

    patch.setattr(services, "record_consent", lifting)


def a_mailed_key_belongs_to_the_assessment(patch: pytest.MonkeyPatch) -> None:
    def by_link(link: Any) -> Any:
        address = address_of(link.assessment)
        return person.by_address(address) if address and link.address_hash else None

    for module in (self_service, confirmation):
        patch.setattr(module, "by_link", by_link)


def typed_consents_count_for_the_address(patch: pytest.MonkeyPatch) -> None:
    record = consents.record_choices

    def everywhere(*args: Any, assessment: Any = None, **kwargs: Any) -> Any:
        return record(*args, **kwargs)

    patch.setattr(consents, "record_choices", everywhere)


def any_save_ends_the_proof(patch: pytest.MonkeyPatch) -> None:
    recorded = services.record_consent
    patch.setattr(
        services,
        "record_consent",
        lambda *args, before, **kwargs: recorded(*args, before=None, **kwargs),
    )


def a_locked_browser_agrees(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(services, "require_unlocked", lambda session: None)


def other_links_stay_open(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AssessmentLinkQuerySet, "revoke", lambda self: 0)


def the_newest_answers_win(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lead_reader, "result_precedence", lambda lead: lead.completed_at or lead_reader.NEVER)


def an_id_is_erased_unread(patch: pytest.MonkeyPatch) -> None:
    def unread(client: Any, row: Any) -> str:
        client.erase_contact(id=row.contact_id)
        return ""

    def every_id(assessments: Any) -> dict[str, str | None]:
        return {each.hubspot_contact_id: None for each in assessments if each.hubspot_contact_id}

    patch.setattr(erase, "erase_by_id", unread)
    patch.setattr("privacy.requests.erasure.contacts_to_erase", every_id)


def a_look_proves_the_address(patch: pytest.MonkeyPatch) -> None:
    found = access_key.link_of_browser

    def proving(request: Any) -> Any:
        link = found(request)
        who = person.by_link(link) if link and not link.erasure else None
        if who and who.proven:
            consents.record_choices(who.address, {Purpose.MARKETING: True}, ConsentSource.MAIL)
        return link

    patch.setattr(access_key, "link_of_browser", proving)


FAULTS: tuple[Plant, ...] = (
    typed_details_overwrite,
    every_browser_shows_details,
    typing_lifts_an_erasure,
    a_mailed_key_belongs_to_the_assessment,
    typed_consents_count_for_the_address,
    any_save_ends_the_proof,
    a_locked_browser_agrees,
    other_links_stay_open,
    the_newest_answers_win,
    an_id_is_erased_unread,
    a_look_proves_the_address,
)


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_noticed(
    world: World,  # noqa: F811  # the fixture
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    plant: Plant,
) -> None:
    plant(monkeypatch)
    StrangerWorld.played = 0
    with override_config(**NO_LIMITS), pytest.raises(AssertionError):
        play(world, STORIES)
    with capsys.disabled():
        print(f"\n{plant.__name__}: noticed in story {StrangerWorld.played}")
