"""A stranger, a victim and staff do anything in any order: who did not prove an address does it no harm.

A state machine on the real product: PostgreSQL, a mail server, the simulated HubSpot, requests of browsers.
Short in the suite; `script/test --deep` plays 2,000 runs (STRANGER_RUNS).
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from constance.test import override_config
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pytest_django.fixtures import Settings
from redis import Redis

import hubspot_simulator
from accounts.tests.people import logged_in, member
from assessments.models import Assessment, Consent, SuppressedAddress
from assessments.models.assessment import SyncStatus
from encryption.email_addresses import address_hash
from hubspot_simulator.account import saving
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.client import open_client
from hubspot_sync.models import SyncQueueItem
from hubspot_sync.tasks import deliver_due
from hubspot_sync.tests.conftest import NO_LIMIT, TOKEN, Account
from mailings.models import Mail
from mailings.tasks import send_due
from mailings.tests.mailbox import Mailbox, text_of
from scorecard.definition import Definition

pytestmark = pytest.mark.django_db

RUNS = int(os.environ.get("STRANGER_RUNS", "4"))
STEPS = 30
VERA, MAL = "vera@victim.example", "mal@evil.example"
KNOWN = {
    "email": VERA,
    "firstname": "V.",
    "lastname": "Known",
    "company": "Customer AG",
    "phone": "+49 30 1000001",
}
VERAS = {"first_name": "Vera", "last_name": "Secretname", "company": "Secret AG", "phone": "+49 30 5550002"}
MALS = {"first_name": "Stranger", "last_name": "Stranger", "company": "Stranger", "phone": "+49 30 6660006"}
SECRETS = ("Secretname", "Secret AG", "5550002")
MARKS = ("Stranger", "6660006", MAL)
CHOICES = st.dictionaries(st.sampled_from(["result", "followUp", "marketing"]), st.booleans())
ADDRESSES = st.sampled_from([VERA, VERA, MAL])
PURPOSES = st.sampled_from(["result", "follow_up", "marketing"])
GIVE = st.sampled_from(["0", "1"])
LINK = re.compile(r"https://check\.example\.com(/\S+)")
NO_LIMITS = {
    f"LIMIT_{action}_PER_HOUR": 1_000_000
    for action in ("STARTS", "SAVES", "SUBMITS", "RESULT_VIEWS", "PRIVACY_REQUESTS", "RESUME_MAILS")
}


@dataclass
class World:
    """What all runs share: the mail server, the questionnaire, and how HubSpot is set up."""

    hubspot: dict[str, Any]
    mailbox: Mailbox
    definition: Definition
    settings: Settings


class Browser:
    """A visitor's browser; `watch` sees every answer."""

    def __init__(self, watch: Callable[[str], None] = lambda text: None) -> None:
        self.client = Client()
        self.watch = watch

    def get(self, path: str) -> Any:
        return self._seen(self.client.get(path, follow=True))

    def post(self, path: str, data: dict[str, str]) -> Any:
        return self._seen(self.client.post(path, data, follow=True))

    def api(self, move: str, **body: Any) -> Any:
        path = f"/api/assessment/{move}"
        return self._seen(self.client.post(path, json.dumps(body), content_type="application/json"))

    def _seen(self, response: Any) -> Any:
        assert response.status_code < 500
        self.watch(response.content.decode(errors="replace"))
        return response

    def finish(self, definition: Definition, contact: dict[str, str], consents: dict[str, bool]) -> str:
        """Finish an assessment; returns its id."""
        self.api("start")
        answers = dict.fromkeys(definition.questions, "D")
        agreed = {"consents": consents} if contact.get("email") else {}
        return str(self.api("submit", responses=answers, contact=contact, **agreed).json()["assessmentId"])


def for_api(details: dict[str, str]) -> dict[str, str]:
    names = {"first_name": "firstName", "last_name": "lastName"}
    return {names.get(name, name): value for name, value in details.items()}


class Strangers(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        with Redis.from_url(self.world.settings.RATE_LIMIT_REDIS_URL) as redis:
            redis.flushdb()
        switches = hubspot_simulator.Switches(burst_limit=NO_LIMIT, association_limit=NO_LIMIT)
        hubspot = hubspot_simulator.serve(token=TOKEN, seed=11, switches=switches)
        self.hubspot = self.stack.enter_context(hubspot)
        saving.restore(self.hubspot.portal, self.world.hubspot)
        self.world.settings.HUBSPOT_BASE_URL = self.hubspot.url
        breaker.cache_clear()
        with open_client() as client:
            known = client.call("POST", "/crm/v3/objects/contacts", {"properties": KNOWN})
        self.known_id = str(known["id"])
        self.world.mailbox.mails.clear()
        self.stranger, self.vera = Browser(self.never_shows_veras), Browser()
        self.officer = logged_in(member("Privacy"))
        self.strangers_assessments: list[str] = []
        self.veras_assessments: list[str] = []
        self.read: set[int] = set()
        self.was_erased = self.may_be_erased = False
        self.before = self.belongings()

    def teardown(self) -> None:
        try:
            self.deliver()
        finally:
            transaction.set_rollback(True)
            self.stack.close()

    @initialize(chance=st.integers(min_value=0, max_value=3))
    def one_story_in_four_knows_erasures(self, chance: int) -> None:
        """After one there is little left to harm, so most stories go without."""
        self.may_be_erased = chance == 0

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
        if not self.was_erased:
            self.veras_leads_arrive()

    def news_said(self) -> set[str]:
        said = Consent.objects.filter(address_hash=address_hash(VERA), scope=None, purpose="marketing")
        return {"", "false", *(str(given).lower() for given in said.values_list("given", flat=True))}

    def veras_leads_arrive(self) -> None:
        """Only Vera keeps these leads from HubSpot."""
        assessments = Assessment.objects.filter(pk__in=self.veras_assessments)
        statuses = set(assessments.values_list("hubspot_sync_status", flat=True))
        objects = Consent.objects.filter(address_hash=address_hash(VERA), purpose="follow_up", given=False)
        own = [
            assessment
            for assessment in assessments
            if objects.filter(scope=address_hash(VERA, assessment.pk)).exists()
        ]
        if not own and not objects.filter(scope=None).exists():
            assert statuses <= {SyncStatus.SYNCED}

    # The stranger

    @rule(consents=CHOICES)
    def stranger_passes_for_vera(self, consents: dict[str, bool]) -> None:
        """The most dangerous move, so it has a rule of its own."""
        self.finish_as_stranger(VERA, details=True, consents=consents)

    @rule(email=ADDRESSES, details=st.booleans(), consents=CHOICES)
    def stranger_finishes(self, email: str, details: bool, consents: dict[str, bool]) -> None:
        self.finish_as_stranger(email, details=details, consents=consents)

    def finish_as_stranger(self, email: str, *, details: bool, consents: dict[str, bool]) -> None:
        self.stranger = Browser(self.never_shows_veras)
        contact = for_api({"email": email, **(MALS if details else {})})
        self.strangers_assessments.append(self.stranger.finish(self.world.definition, contact, consents))

    @rule(email=ADDRESSES, consents=CHOICES)
    def stranger_begins(self, email: str, consents: dict[str, bool]) -> None:
        self.stranger = Browser(self.never_shows_veras)
        self.stranger.api("start")
        contact = for_api({"email": email, **MALS})
        self.stranger.api("save-progress", step=1, responses={}, contact=contact, consents=consents)

    @rule(email=ADDRESSES, tick=st.booleans())
    def stranger_gives_details(self, email: str, tick: bool) -> None:
        for assessment in self.strangers_assessments[-1:]:
            ticked = {"consent": "marketing"} if tick else {}
            self.stranger.post(
                reverse("assessments:contact", args=[assessment]), {"email": email, **MALS, **ticked}
            )

    @rule(email=ADDRESSES, purpose=PURPOSES, give=GIVE)
    def stranger_uses_rights_from_their_result(self, email: str, purpose: str, give: str) -> None:
        for assessment in self.strangers_assessments[-1:]:
            self.stranger.post(reverse("privacy:from_result", args=[assessment]), {})
            self.stranger.post(reverse("privacy:consent"), {"purpose": purpose, "give": give})
            self.stranger.post(reverse("privacy:correct"), {"email": email, **MALS})
            self.stranger.post(reverse("privacy:confirm"), {"give": give})
            self.stranger.post(reverse("privacy:erase"), {"sure": "1"})
            self.stranger.get(reverse("privacy:download", args=["json"]))

    @rule(email=ADDRESSES)
    def stranger_asks_for_mails(self, email: str) -> None:
        self.stranger.post(reverse("privacy:ask"), {"email": email})
        self.stranger.post(reverse("mailings:resume_by_mail"), {"email": email})

    @rule()
    def stranger_looks_everywhere(self) -> None:
        for assessment in [*self.strangers_assessments, *self.veras_assessments]:
            self.stranger.get(reverse("assessments:results", args=[assessment]))
        for page in ("assessments:resume", "assessments:address", "privacy:yours", "privacy:confirm"):
            self.stranger.get(reverse(page))
        self.stranger.client.get("/api/assessment/resume")

    @rule(give=GIVE, purpose=PURPOSES, erase=st.booleans())
    def stranger_reads_their_own_mail(self, give: str, purpose: str, erase: bool) -> None:
        for mail in self.new_mails(MAL):
            self.never_shows_veras(text_of(mail))
            for path in LINK.findall(text_of(mail)):
                self.stranger.get(path)
                self.stranger.post(path, {"give": give})
            self.stranger.post(reverse("privacy:confirm"), {"give": give})
            self.stranger.post(reverse("privacy:consent"), {"purpose": purpose, "give": give})
            self.stranger.post(reverse("privacy:correct"), {"email": VERA, **MALS})
            if erase:
                self.stranger.post(reverse("privacy:erase"), {"sure": "1"})

    # The victim

    @rule(consents=CHOICES)
    def vera_finishes(self, consents: dict[str, bool]) -> None:
        self.vera = Browser()
        contact = for_api({"email": VERA, **VERAS})
        self.veras_assessments.append(self.vera.finish(self.world.definition, contact, consents))
        self.by_owner()

    @rule()
    def vera_asks_for_a_link(self) -> None:
        self.vera.post(reverse("privacy:ask"), {"email": VERA})

    @rule(purpose=PURPOSES, give=GIVE)
    def vera_says_a_word(self, purpose: str, give: str) -> None:
        if self.vera_opens("privacy/open"):
            self.vera.post(reverse("privacy:consent"), {"purpose": purpose, "give": give})
            self.by_owner()

    @rule(give=GIVE)
    def vera_answers_the_confirmation(self, give: str) -> None:
        if self.vera_opens("privacy/confirm"):
            self.vera.post(reverse("privacy:confirm"), {"give": give})
            self.by_owner()

    @rule()
    def vera_corrects(self) -> None:
        if self.vera_opens("privacy/open"):
            self.vera.post(reverse("privacy:correct"), {"email": VERA, **VERAS})
            self.by_owner()

    @precondition(lambda self: self.may_be_erased)
    @rule()
    def vera_erases(self) -> None:
        if self.vera_opens("privacy/open"):
            self.vera.post(reverse("privacy:erase"), {"sure": "1"})
            self.was_erased = True
            self.by_owner()

    @rule()
    def vera_continues_by_a_link_that_somebody_asked_for(self) -> None:
        path = self.path_in_mail("continue")
        if path and self.vera.post(path, {}).status_code == 200:
            answers = dict.fromkeys(self.world.definition.questions, "D")
            answer = self.vera.api("submit", responses=answers, contact=for_api({"email": VERA, **VERAS}))
            if (
                answer.status_code == 200
                and (assessment := answer.json()["assessmentId"]) not in self.veras_assessments
            ):
                self.veras_assessments.append(assessment)
            self.by_owner()

    @rule()
    def vera_stops_our_mails(self) -> None:
        if path := self.path_in_mail("mails/stop"):
            self.vera.post(path, {})
            self.by_owner()

    # Staff, workers and time

    @rule(do=st.sampled_from(["withdraw", "erase", "look"]))
    def staff_do_what_vera_asks(self, do: str) -> None:
        if do == "erase" and not self.may_be_erased:
            return
        self.officer.post("/admin/persons/", {"email": VERA, "do": do, "sure": "1"})
        self.was_erased |= do == "erase"
        self.by_owner()

    @rule()
    def workers_work(self) -> None:
        self.deliver()

    @rule()
    def a_day_passes_for_mails(self) -> None:
        day = timedelta(days=1)
        Mail.objects.update(key=None, sent_at=F("sent_at") - day, created_at=F("created_at") - day)

    # Mails

    def new_mails(self, address: str) -> Iterator[EmailMessage]:
        for mail in self.world.mailbox.mails:
            if mail["To"] == address and id(mail) not in self.read:
                self.read.add(id(mail))
                yield mail

    def path_in_mail(self, start: str) -> str:
        """The path of the newest link of a kind that was mailed to Vera; '' without one."""
        for mail in reversed(self.world.mailbox.mails):
            for path in LINK.findall(text_of(mail)) if mail["To"] == VERA else ():
                if path.startswith(f"/{start}/"):
                    return str(path)
        return ""

    def vera_opens(self, kind: str) -> bool:
        """Whether there is a link of this kind to the privacy page, which Vera's browser has opened now."""
        path = self.path_in_mail(kind)
        if not path and kind == "privacy/open":
            self.vera.post(reverse("privacy:ask"), {"email": VERA})
            send_due()
            path = self.path_in_mail(kind)
        return bool(path) and self.vera.get(path).status_code == 200


@pytest.fixture
def world(
    account: Account,
    mailbox: Mailbox,
    definition: Definition,
    settings: Settings,
) -> World:
    settings.HUBSPOT_CONSENT_PROPERTIES = {"marketing": "news_consent"}
    news = {
        "name": "news_consent",
        "label": "News",
        "type": "string",
        "fieldType": "text",
        "groupName": "contactinformation",
    }
    account.client.call("POST", "/crm/v3/properties/contacts", news)
    return World(saving.dump(account.running.portal), mailbox, definition, settings)


def test_who_did_not_prove_an_address_does_no_harm_to_it(world: World) -> None:
    machine = type("Played", (Strangers,), {"world": world})
    with override_config(**NO_LIMITS):
        run_state_machine_as_test(
            machine,
            settings=hypothesis_settings(
                max_examples=RUNS,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize=RUNS < 100,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                print_blob=False,
            ),
        )
