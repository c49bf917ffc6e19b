"""The erasures in the back office, and sending them again."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from assessments.models import SuppressedAddress
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
            erasure=line, address=address, status="failed", cause="worker_died", claims=6, outages=3
        )
        for address in (ADDRESS, None)
    ]


def test_what_can_be_is_sent_again_and_the_rest_is_told(
    operator: Client, failed: list[HubSpotErasure]
) -> None:
    sent = {"cause": "worker_died"}
    page = operator.post(f"{ERASURES}send-again/", sent, follow=True).content.decode()
    assert "1 erasure will be sent again now" in page
    assert "1 could not be sent again" in page
    assert HubSpotErasure.objects.due().get().claims == 0


def test_the_list_names_nobody_and_opens_without_the_key(
    sales: Client, failed: list[HubSpotErasure], settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["new" * 20]
    page = sales.get(ERASURES).content.decode()
    assert "The worker ended five times" in page
    assert ADDRESS not in page
    assert "send-again" not in page
    assert sales.post(f"{ERASURES}send-again/", {"cause": "worker_died"}).status_code == 403
