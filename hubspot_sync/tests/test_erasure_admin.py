"""The erasures in the back office, and sending them again."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from assessments.models import SuppressedAddress
from audit.models import SystemLog
from hubspot_sync.models import HubSpotErasure

pytestmark = pytest.mark.django_db

ERASURES = "/admin/hubspot_sync/hubspoterasure/"
ADDRESS = "ada@engines.example"


@pytest.fixture
def failed(db: None) -> list[HubSpotErasure]:
    """One that can be tried again, and one of which nobody knows any more whom it is about."""
    line = SuppressedAddress.objects.suppress(ADDRESS)
    return [
        HubSpotErasure.objects.create(
            erasure=line, address=address, status="failed", failure_cause="worker_died", claims=6, failures=3
        )
        for address in (ADDRESS, None)
    ]


def test_what_can_be_is_sent_again_and_the_rest_is_told(
    operator: Client, failed: list[HubSpotErasure]
) -> None:
    sent = {"cause": "worker_died"}
    page = operator.post(f"{ERASURES}send-again/", sent, follow=True).content.decode()
    assert "1 erasure will be sent again now" in page
    assert "1 erasure could not be sent again" in page
    assert HubSpotErasure.objects.due().get().claims == 0


def test_the_list_names_nobody_and_opens_without_the_key(
    sales: Client, failed: list[HubSpotErasure], settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["new" * 20]
    page = sales.get(ERASURES).content.decode()
    assert "The worker died five times" in page
    assert ADDRESS not in page
    assert "send-again" not in page
    assert sales.post(f"{ERASURES}send-again/", {"cause": "worker_died"}).status_code == 403


def settle(client: Client, rows: list[HubSpotErasure], **more: str) -> str:
    keys = [str(row.pk) for row in rows]
    sent = {"action": "settle", "_selected_action": keys, **more}
    return client.post(f"{ERASURES}?state=all", sent, follow=True).content.decode()


def test_what_was_erased_by_hand_is_noted_after_a_confirmation(
    operator: Client, failed: list[HubSpotErasure], settings: Settings
) -> None:
    settings.HUBSPOT_PORTAL_URL = "https://app.hubspot.example/contacts/1"
    HubSpotErasure.objects.filter(pk=failed[0].pk).update(
        address=None,
        contact_id="51",
        status="leased",
        failure_cause="not_authorised_403",
        lease_token=failed[0].pk,
    )
    page = settle(operator, failed)
    assert "https://app.hubspot.example/contacts/1/record/0-1/51" in page
    assert "Permanently delete" in page
    assert "Tick the box" in settle(operator, failed, asked="1")
    assert not HubSpotErasure.objects.filter(status="done").exists()
    assert "2 erasures noted as done by hand" in settle(operator, failed, asked="1", sure="1")
    found = HubSpotErasure.objects.values_list(
        "status", "failure_cause", "contact_id", "address", "lease_token"
    )
    assert set(found) == {("done", "done_by_hand", None, None, None)}
    logs = SystemLog.objects.filter(event_type="erasure_settled").values_list("data", flat=True)
    olga = f"staff {User.objects.get().pk}"
    assert list(logs) == [{"erasure": str(failed[0].erasure_id), "asked_by": olga}] * 2
    assert "Each of these is done." in settle(operator, failed, sure="1")


def test_who_only_looks_notes_nothing(sales: Client, failed: list[HubSpotErasure]) -> None:
    settle(sales, failed, asked="1", sure="1")
    assert not HubSpotErasure.objects.filter(status="done").exists()
