from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from pytest_django.fixtures import Settings

import hubspot_simulator
from assessments.models import Assessment
from assessments.tests.factories import AssessmentFactory
from hubspot_simulator.account import saving
from hubspot_simulator.account.faults import Effect, Fault
from hubspot_sync.account.connection import connected_destination
from hubspot_sync.account.setup import set_up_account
from hubspot_sync.delivery.batch import deliver_batch
from hubspot_sync.delivery.enqueue import enqueue
from hubspot_sync.delivery.lead_reader import configured_destination
from hubspot_sync.http.availability import read_only_clients
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.client import HubSpotClient
from hubspot_sync.http.errors import HubSpotError
from hubspot_sync.http.limiter import limiter
from hubspot_sync.models import SyncQueueItem
from scorecard.models import QuestionnaireVersion

NO_LIMIT = 100_000
TOKEN = "pat-na1-engine"
CONTACTS = "POST objects/contacts/batch/upsert"
DEALS = "POST objects/deals/batch/upsert"
LINKS = "POST associations/deals/contacts/batch/associate/default"

Queue = Callable[..., Assessment]


@dataclass
class Account:
    """A HubSpot account of our own that the engine delivers to."""

    running: hubspot_simulator.Running
    client: HubSpotClient

    def deliver(self) -> int:
        return deliver_batch(self.client, lambda client: configured_destination(client.account()))

    def fails(self, effect: Effect = "status", **how: Any) -> None:
        self.running.portal.faults.plan(Fault(effect, **how))

    def recovers(self) -> None:
        self.running.portal.faults.planned.clear()

    @property
    def contacts(self) -> list[dict[str, str]]:
        return [dict(record.properties) for record in self.running.store.contacts()]

    @property
    def deals(self) -> list[dict[str, str]]:
        return [dict(record.properties) for record in self.running.store.deals()]

    @property
    def addresses(self) -> set[str]:
        return {contact["email"] for contact in self.contacts}

    @property
    def links(self) -> list[tuple[str, str]]:
        return self.running.store.live_links()

    @property
    def totals(self) -> tuple[int, int, int]:
        """How many contacts, deals and links there are."""
        return len(self.contacts), len(self.deals), len(self.links)

    def calls(self, kind: str) -> int:
        return sum(call.kind == kind for call in self.running.portal.calls.kept)


@pytest.fixture
def fresh_limits(fresh_snapshots: None, settings: Settings) -> Iterator[None]:
    """Nobody counts the calls of another test, and no limit is in the way."""
    settings.HUBSPOT_CALLS_PER_10_SECONDS = NO_LIMIT
    settings.HUBSPOT_TIME_ZONE = "America/New_York"
    for shared in (limiter, breaker, read_only_clients):
        shared.cache_clear()
    yield
    for shared in (limiter, breaker, read_only_clients):
        shared.cache_clear()


@pytest.fixture(autouse=True)
def no_limit_in_the_way(fresh_limits: None) -> None:
    """In every test of this app."""


@pytest.fixture(scope="session")
def known_accounts() -> dict[str, Any]:
    """What an account holds once it was set up, when a test has done so: it takes sixteen calls."""
    return {}


@pytest.fixture
def account(
    settings: Settings, fresh_limits: None, known_accounts: dict[str, Any], db: None
) -> Iterator[Account]:
    """Set up, empty, with no fault and no limit in the way."""
    switches = hubspot_simulator.Switches(burst_limit=NO_LIMIT, association_limit=NO_LIMIT)
    with hubspot_simulator.serve(token=TOKEN, seed=11, switches=switches) as running:
        settings.HUBSPOT_BASE_URL = running.url
        settings.HUBSPOT_TOKEN = TOKEN
        client = HubSpotClient(running.url, TOKEN, version=settings.HUBSPOT_API_VERSION)
        if known_accounts:
            saving.restore(running.portal, known_accounts)
        else:
            list(set_up_account(client, configured_destination()))
            known_accounts.update(saving.dump(running.portal))
        connected_destination(client)
        running.portal.calls.clear()
        yield Account(running, client)
        client.close()


@pytest.fixture
def queued(version: QuestionnaireVersion) -> Queue:
    """Make a finished assessment and queue it: qualified for a deal, unless `answers` are better than D."""

    def make(email: str = "ada@engines.example", **fields: Any) -> Assessment:
        assessment = AssessmentFactory.create(**{"version": version, "email": email, "answers": "D"} | fields)
        enqueue(assessment)
        return assessment

    return make


def row_of(assessment: Assessment) -> SyncQueueItem:
    """Its latest row, as it stands in the database."""
    return SyncQueueItem.objects.filter(assessment=assessment).latest("created_at")


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.get(pk=assessment.pk)


def time_passes(**span: float) -> None:
    """Every time in the queue moves into the past by as much."""
    past = timedelta(**span)
    names = ("next_retry_at", "waiting_since", "created_at")
    SyncQueueItem.objects.update(**{name: F(name) - past for name in names})


def fails_to_deliver(account: Account, family: type[HubSpotError]) -> HubSpotError:
    with pytest.raises(family) as caught:
        account.deliver()
    return caught.value


def statuses() -> dict[str | None, str]:
    return dict(SyncQueueItem.objects.values_list("assessment__email", "status"))
