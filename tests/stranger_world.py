"""The world of tests/test_strangers.py: mail, the simulated HubSpot, what must hold after each move."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.test import override_settings
from hypothesis.stateful import RuleBasedStateMachine, invariant
from redis import Redis

import hubspot_simulator
from accounts.tests.people import logged_in, member
from assessments.models import AddressProof, Assessment, Consent, SuppressedAddress
from assessments.models.assessment import SyncStatus
from encryption.email_addresses import address_hash
from hubspot_simulator.account import saving
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.client import open_client
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import NO_LIMIT, TOKEN
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.definition import Definition
from tests.stranger_stories import KNOWN, MARKS, SECRETS, VERA, Browser

LINK = re.compile(r"https://check\.example\.com(/\S+)")
NO_LIMITS = {
    f"LIMIT_{action}_PER_HOUR": 1_000_000
    for action in ("STARTS", "SAVES", "SUBMITS", "RESULT_VIEWS", "PRIVACY_REQUESTS", "RESUME_MAILS")
}


@dataclass
class World:
    """What all stories share: the mail server, the questionnaire, and how HubSpot is set up."""

    hubspot: dict[str, Any]
    mailbox: Mailbox
    definition: Definition


class StrangerWorld(RuleBasedStateMachine):
    world: World
    played = 0  # stories so far

    def __init__(self) -> None:
        super().__init__()
        StrangerWorld.played += 1
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        with Redis.from_url(settings.RATE_LIMIT_REDIS_URL) as redis:
            redis.flushdb()
        switches = hubspot_simulator.Switches(burst_limit=NO_LIMIT, association_limit=NO_LIMIT)
        hubspot = hubspot_simulator.serve(token=TOKEN, seed=11, switches=switches)
        self.hubspot = self.stack.enter_context(hubspot)
        saving.restore(self.hubspot.portal, self.world.hubspot)
        self.stack.enter_context(override_settings(HUBSPOT_BASE_URL=self.hubspot.url))
        breaker.cache_clear()
        with open_client() as client:
            known = client.call("POST", "/crm/v3/objects/contacts", {"properties": KNOWN})
        self.known_id = str(known["id"])
        self.world.mailbox.mails.clear()
        self.stranger, self.vera = Browser(self.never_shows_veras), Browser(hasty=True)
        self.officer, self.sales = logged_in(member("Privacy")), member("Sales")
        self.strangers_assessments: list[str] = []
        self.veras_assessments: list[str] = []
        self.veras_sessions: set[str] = set()  # assessments in which only Vera goes on
        self.stranger_goes_on = self.vera_goes_on = False  # whether they have an open assessment
        self.read: set[int] = set()
        self.was_erased = False
        self.before = self.belongings()

    def teardown(self) -> None:
        try:
            self.deliver()
        finally:
            transaction.set_rollback(True)
            self.stack.close()

    # What must hold

    def never_shows_veras(self, text: str) -> None:
        assert not [secret for secret in SECRETS if secret in text]

    def belongings(self) -> Any:
        """What belongs to the address here: only its holder, or staff, change it."""
        owner = address_hash(VERA)
        consents = Consent.objects.filter(address_hash=owner, scope=None).values_list(
            "purpose", "given", "pk"
        )
        erased = SuppressedAddress.objects.active().filter(address_hash=owner).exists()
        veras = Assessment.objects.filter(pk__in=self.veras_assessments).order_by("pk")
        details = [(assessment.pk, assessment.contact, assessment.total_score) for assessment in veras]
        return list(consents.order_by("pk")), erased, details

    @invariant()
    def only_vera_and_staff_change_what_is_veras(self) -> None:
        assert self.belongings() == self.before

    def by_owner(self) -> None:
        """Vera, or staff, did something: from here on it is so."""
        self.before = self.belongings()

    def deliver(self) -> None:
        """All queues run dry; then HubSpot is looked at."""
        SyncQueueItem.objects.filter(status="waiting").update(next_retry_at=F("created_at"))
        deliver_due()
        send_due()
        store = self.hubspot.store
        known = next((dict(each.properties) for each in store.contacts() if each.id == self.known_id), None)
        if known is None:
            assert self.was_erased
            return
        given = {name: known.get(name, "") for name in KNOWN}
        assert given["email"] == VERA
        assert not [mark for mark in MARKS if mark in str(given)]
        assert known.get("news_consent", "") in self.news_said()
        if not self.was_erased and not self.vera_objects():
            self.veras_leads_arrive(known)

    def news_said(self) -> set[str]:
        scopes = [address_hash(VERA, assessment) for assessment in self.veras_assessments]
        said = Consent.objects.filter(address_hash=address_hash(VERA), purpose="marketing")
        said = said.filter(Q(scope=None) | Q(scope__in=scopes))
        return {"", *(str(given).lower() for given in said.values_list("given", flat=True))}

    def vera_objects(self) -> bool:
        scopes = [address_hash(VERA, assessment) for assessment in self.veras_assessments]
        said = Consent.objects.filter(address_hash=address_hash(VERA), purpose="follow_up", given=False)
        return said.filter(scope__in=scopes).exists() or said.filter(scope=None).exists()

    def veras_leads_arrive(self, known: dict[str, str]) -> None:
        """Only Vera keeps these leads from HubSpot, and no other answers replace those she stands for."""
        assessments = Assessment.objects.filter(pk__in=self.veras_assessments)
        assert set(assessments.values_list("hubspot_sync_status", flat=True)) <= {SyncStatus.SYNCED}
        proofs = AddressProof.objects.filter(assessment__in=assessments, covers_answers=True)
        proven = [proof.assessment for proof in proofs.filter(address_hash=address_hash(VERA))]
        if [each for each in proven if each.email == VERA]:
            assert known["ai_assessment_score"] in {str(each.total_score) for each in assessments}

    # Mails

    def mails_to(self, address: str) -> Iterator[EmailMessage]:
        return (mail for mail in self.world.mailbox.mails if mail["To"] == address)

    def unread(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails_to(address) if id(mail) not in self.read]

    def path_in_mail(self, start: str, address: str = VERA) -> str:
        """The path of the newest link of a kind that was mailed to the address; '' without one."""
        for mail in reversed(list(self.mails_to(address))):
            for path in LINK.findall(text_of(mail)):
                if path.startswith(f"/{start}/"):
                    return str(path)
        return ""
