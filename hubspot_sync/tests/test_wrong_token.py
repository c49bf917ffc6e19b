"""Two workers, one of which has a wrong token: it stops itself, and nobody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as product_settings
from redis import Redis

from assessments.models import SuppressedAddress
from hubspot_sync.erasure.erase import enqueue_erasure
from hubspot_sync.http.breaker import breaker
from hubspot_sync.models import AttemptOutcome, HubSpotErasure
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import TOKEN, Account, Queue

pytestmark = pytest.mark.django_db

ADDRESS = "cfo@bigcustomer.example"


def a_minute_passes() -> None:
    """The next probe of every circuit may go."""
    with Redis.from_url(product_settings.RATE_LIMIT_REDIS_URL) as redis:
        redis.delete(*redis.keys("*:probe"))


@pytest.fixture
def other_worker(settings: Any) -> Callable[[str], None]:
    """Go on as a worker with this token, in a process of its own."""

    def be(token: str) -> None:
        settings.HUBSPOT_TOKEN = token
        breaker.cache_clear()

    return be


def test_a_worker_with_a_wrong_token_does_not_stop_the_others(
    account: Account, queued: Queue, other_worker: Callable[[str], None]
) -> None:
    queued()
    other_worker("pat-na1-wrong")
    deliver_due()
    assert breaker().opened()
    assert account.contacts == []
    other_worker(TOKEN)
    deliver_due()
    assert account.totals == (1, 1, 1)


def test_a_refused_token_is_tried_on_no_row_until_it_is_accepted(
    account: Account, queued: Queue, other_worker: Callable[[str], None]
) -> None:
    lead = queued()
    other_worker("pat-na1-wrong")
    deliver_due()
    a_minute_passes()
    deliver_due()
    assert list(lead.hubspot_attempts.values_list("outcome", flat=True)) == [AttemptOutcome.STOPPED]
    account.running.portal.token = "pat-na1-wrong"  # which it was from now on
    a_minute_passes()
    deliver_due()
    assert account.totals == (1, 1, 1)


def test_an_erasure_waits_for_no_worker_with_a_wrong_token(
    account: Account, other_worker: Callable[[str], None]
) -> None:
    other_worker(TOKEN)
    account.running.portal.token = "pat-na1-another"
    line = SuppressedAddress.objects.suppress(ADDRESS)
    enqueue_erasure(line, address=ADDRESS, assessments=[], contacts={})
    deliver_due()
    assert HubSpotErasure.objects.due().count() == 1
