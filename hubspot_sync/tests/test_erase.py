"""People who ask to be forgotten, in HubSpot."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from pytest_django.fixtures import Settings

from assessments.models import Assessment, SuppressedAddress
from encryption.keys import key_ring
from encryption.rotation import rotate
from hubspot_sync.erasure.erase import enqueue_erasure, erase_next
from hubspot_sync.http.errors import Misconfigured, TryAgain
from hubspot_sync.models import HubSpotErasure
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import CONTACTS, Account, Queue, fresh
from queues.leased_row import MAX_CLAIMS

pytestmark = pytest.mark.django_db

ADDRESS = "ada@engines.example"
ERASE = "POST objects/contacts/gdpr-delete"


def asked(*contacts: str, address: str = ADDRESS) -> HubSpotErasure:
    line = SuppressedAddress.objects.suppress(address)
    enqueue_erasure(line, address=address, assessments=[], contacts=dict.fromkeys(contacts))
    if contacts:  # what the id leads to is looked at here, not what the address does
        HubSpotErasure.objects.filter(contact_id=None).delete()
    return HubSpotErasure.objects.latest("created_at")


def again(row: HubSpotErasure) -> HubSpotErasure:
    """As it is now, and its time has come."""
    HubSpotErasure.objects.update(
        next_try_at=F("next_try_at") - timedelta(days=1), lease_until=F("lease_until") - timedelta(days=1)
    )
    row.refresh_from_db()
    return row


@pytest.fixture
def delivered(account: Account, queued: Queue) -> Assessment:
    lead = queued(ADDRESS)
    account.deliver()
    return fresh(lead)


def test_a_contact_is_erased_by_its_id(account: Account, delivered: Assessment) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    assert erase_next(account.client)
    assert account.contacts == []
    assert again(row).status == "done"


def test_without_an_id_it_is_found_by_its_address(account: Account, delivered: Assessment) -> None:
    asked()
    erase_next(account.client)
    assert account.contacts == []


def test_what_is_done_holds_neither_id_nor_address(account: Account, delivered: Assessment) -> None:
    row = asked()
    erase_next(account.client)
    row.refresh_from_db()
    assert (row.contact_id, row.address) == (None, None)
    assert row.done_at


def test_an_address_that_hubspot_does_not_know_is_no_error(account: Account) -> None:
    row = asked()
    erase_next(account.client)
    assert again(row).status == "done"


def test_a_contact_that_is_gone_already_is_no_error(account: Account) -> None:
    row = asked("12345")
    erase_next(account.client)
    assert again(row).status == "done"


def test_a_wrong_base_url_counts_as_no_erasure(account: Account) -> None:
    row = asked("12345")
    account.fails(status=404)
    with pytest.raises(Misconfigured):
        erase_next(account.client)
    assert again(row).status == "waiting"
    assert row.contact_id == "12345"


def test_a_token_that_may_not_erase_needs_a_person_and_holds_no_lead_up(
    account: Account, delivered: Assessment, queued: Queue
) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    account.fails(route=ERASE, status=403)
    assert erase_next(account.client)
    assert again(row).status == "failed"
    assert row.failure_cause.startswith("not_authorised_403")
    assert not erase_next(account.client)
    queued("grace@compilers.example")
    account.deliver()
    assert "grace@compilers.example" in account.addresses


def test_a_page_of_a_proxy_ends_no_erasure(account: Account, delivered: Assessment) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    account.fails("foreign", route=ERASE, status=403, body="<html>Blocked</html>")
    with pytest.raises(Misconfigured):
        erase_next(account.client)
    assert again(row).status == "waiting"


def test_an_outage_is_waited_for(account: Account, delivered: Assessment) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    account.fails(route=ERASE, status=503)
    with pytest.raises(TryAgain):
        erase_next(account.client)
    assert not erase_next(account.client)
    assert (again(row).status, row.failures, row.failure_cause) == ("waiting", 1, "http_503")
    account.recovers()
    erase_next(account.client)
    assert account.contacts == []


def test_a_row_whose_worker_died_is_done_by_another(account: Account, delivered: Assessment) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    HubSpotErasure.objects.claim()
    assert not erase_next(account.client)
    again(row)
    assert erase_next(account.client)
    assert account.contacts == []


def test_a_worker_that_lost_its_lease_writes_nothing(account: Account) -> None:
    row = asked()
    claimed = HubSpotErasure.objects.claim()
    again(row)
    HubSpotErasure.objects.claim()
    assert claimed
    assert not HubSpotErasure.objects.filter(pk=row.pk, lease_token=claimed.lease_token).exists()


def test_a_row_that_kills_its_workers_needs_a_person(account: Account) -> None:
    row = asked()
    for _ in range(MAX_CLAIMS):
        HubSpotErasure.objects.claim()
        again(row)
    erase_next(account.client)
    assert (again(row).status, row.failure_cause) == ("failed", "worker_died")


def kept() -> str:
    """The address as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM hubspot_erasures")
        return str(cursor.fetchone()[0])


def test_the_address_is_sealed(db: None) -> None:
    row = asked()
    assert kept().startswith(key_ring().prefix)
    row.refresh_from_db()
    assert row.address == ADDRESS


def test_a_new_key_seals_it_anew(settings: Settings) -> None:
    asked()
    settings.FIELD_ENCRYPTION_KEYS = ["new" * 20, *settings.FIELD_ENCRYPTION_KEYS]
    assert rotate()["hubspot_erasures"] == 1
    assert kept().startswith(key_ring().prefix)


def test_an_address_whose_key_is_lost_needs_a_person_and_holds_nobody_up(
    account: Account, settings: Settings
) -> None:
    row = asked()
    settings.FIELD_ENCRYPTION_KEYS = ["new" * 20]
    assert erase_next(account.client)
    found = HubSpotErasure.objects.values_list("status", "failure_cause").get(pk=row.pk)
    assert found == ("failed", "key_missing")


def test_a_ring_erases_before_it_delivers(account: Account, delivered: Assessment, queued: Queue) -> None:
    queued("grace@compilers.example")
    asked(delivered.hubspot_contact_id or "")
    account.running.portal.calls.clear()
    deliver_due()
    writes = [call.kind for call in account.running.portal.calls.kept if call.kind in (ERASE, CONTACTS)]
    assert writes == [ERASE, CONTACTS]
    assert account.addresses == {"grace@compilers.example"}


# Whose contact an id leads to


def renamed(account: Account, lead: Assessment) -> None:
    path = f"/crm/v3/objects/contacts/{lead.hubspot_contact_id}"
    account.client.call("PATCH", path, {"properties": {"email": "customer@big.example"}})


def test_a_contact_that_has_another_address_by_now_is_not_erased(
    account: Account, delivered: Assessment
) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    renamed(account, delivered)
    erase_next(account.client)
    assert account.addresses == {"customer@big.example"}
    assert (again(row).status, row.failure_cause) == ("failed", "contact_has_other_address")


def test_an_id_of_another_account_erases_nobody_here(account: Account, delivered: Assessment) -> None:
    row = asked(delivered.hubspot_contact_id or "")
    HubSpotErasure.objects.update(portal_id="999")
    erase_next(account.client)
    assert account.addresses == {ADDRESS}
    assert (again(row).status, row.failure_cause) == ("failed", "contact_in_other_account")


def test_the_contact_with_the_address_is_erased_whatever_ids_are_known(
    account: Account, delivered: Assessment
) -> None:
    line = SuppressedAddress.objects.suppress(ADDRESS)
    enqueue_erasure(line, address=ADDRESS, assessments=[], contacts={"12345": None})
    while erase_next(account.client):
        pass
    assert account.contacts == []
    assert set(HubSpotErasure.objects.values_list("status", flat=True)) == {"done"}
