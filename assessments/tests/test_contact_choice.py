"""The copy of the choice about being contacted is what the log of consents says, whatever happens."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pytest_django import DjangoAssertNumQueries

from assessments.errors import AlreadySubmitted, AssessmentNotFound, DetailsLocked, SessionExpired
from assessments.lifecycle import consents, services
from assessments.lifecycle.address_proof import prove
from assessments.lifecycle.assessments_of_person import assessments_of
from assessments.lifecycle.consents import choices_by_assessment, correct_contact_choices, record_choices
from assessments.lifecycle.corrections import change_consent, correct
from assessments.lifecycle.ended_sessions import announce_ended_sessions
from assessments.lifecycle.services import ConsentChoice, update_contact
from assessments.lifecycle.submit import LastPart, submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession, Consent, ConsentSource, Purpose
from assessments.qualification import Contact
from assessments.tests.factories import AssessmentFactory
from encryption.email_addresses import address_hash, stored_hashes
from privacy.clearing.scrub import scrub
from privacy.requests.erasure import erase
from scorecard import versions
from scorecard.models import QuestionnaireVersion

ADA = "ada@engines.example"
BEA = "bea@xn--mller-kva.example"
SPELLINGS = [ADA, "Ada@Engines.Example", BEA, "bea@müller.example"]
OBJECTION = {Purpose.FOLLOW_UP: False}


def expected() -> dict[UUID, bool | None]:
    """What the log says of each assessment: nothing where there is no address any more, or not yet."""
    addresses = dict(Assessment.objects.filter(email__isnull=False).values_list("pk", "email"))
    choices = choices_by_assessment({key: str(address) for key, address in addresses.items()})
    keys = Assessment.objects.values_list("pk", flat=True)
    return {key: choices.get(key, {}).get(Purpose.FOLLOW_UP) for key in keys}


def copies() -> dict[UUID, bool | None]:
    return dict(Assessment.objects.values_list("pk", "contact_choice"))


class LeadMachine(RuleBasedStateMachine):
    """Three browsers in which either of two people may answer; what they, staff and time do then."""

    version: QuestionnaireVersion
    browsers = st.integers(0, 2)
    spellings = st.sampled_from(SPELLINGS)
    words = st.dictionaries(st.sampled_from([Purpose.FOLLOW_UP, Purpose.MARKETING]), st.booleans())
    maybe = st.none() | spellings

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        begun = versions.get(self.version.pk)
        self.started = [services.start_assessment(begun, Visitor()) for _ in range(3)]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(said=st.none() | st.booleans())
    def an_old_release_recorded_the_other_spelling(self, said: bool | None) -> None:
        if said is not None:
            words = {"purpose": Purpose.FOLLOW_UP, "given": said, "text": "", "text_version": ""}
            Consent.objects.create(address_hash=stored_hashes(BEA)[-1], source=ConsentSource.API, **words)

    @rule(browser=browsers, address=spellings, words=words)
    def give_an_address(self, browser: int, address: str, words: dict[Purpose, bool]) -> None:
        with suppress(DetailsLocked, AssessmentNotFound, SessionExpired, AlreadySubmitted):
            session = services.open_session(self.started[browser].token)
            contact, consent = {"email": address}, ConsentChoice(words)
            services.save_progress(session, step=1, answers={}, contact=contact, consent=consent)

    @rule(browser=browsers, address=maybe, words=words)
    def submit(self, browser: int, address: str | None, words: dict[Purpose, bool]) -> None:
        answers = dict.fromkeys(self.started[browser].version.definition.questions, "C")
        contact = {"email": address} if address else {}
        with suppress(DetailsLocked, SessionExpired):
            submit_assessment(
                self.started[browser].token, last=LastPart(answers, contact, ConsentChoice(words))
            )

    @rule(browser=browsers, address=maybe, words=words)
    def change_details(self, browser: int, address: str | None, words: dict[Purpose, bool]) -> None:
        with suppress(DetailsLocked, AssessmentNotFound, SessionExpired):
            update_contact(self.started[browser].token, Contact(email=address), ConsentChoice(words))

    @rule(browser=browsers, address=spellings)
    def prove_the_address(self, browser: int, address: str) -> None:
        prove(assessments_of(address), address_hash(address), session_id=self.started[browser].session.pk)

    @rule(address=spellings, words=words, proven=st.booleans())
    def say_on_the_privacy_page(self, address: str, words: dict[Purpose, bool], proven: bool) -> None:
        if proven or assessments_of(address):
            theirs = assessments_of(address)
            change_consent(address, theirs, words, ConsentSource.PRIVACY_PAGE, proven=proven)

    @rule(address=spellings, other=maybe, proven=st.booleans())
    def correct_details(self, address: str, other: str | None, proven: bool) -> None:
        correct(assessments_of(address), Contact(email=other), ConsentSource.STAFF, proven=proven)

    @rule(address=spellings)
    def erase_a_person(self, address: str) -> None:
        erase(address, asked_by="staff")

    @rule(browser=browsers)
    def be_scrubbed(self, browser: int) -> None:
        old = timedelta(days=40)
        one = Assessment.objects.filter(session_id=self.started[browser].session.pk)
        one.update(created_at=self.started[browser].session.started_at - old)
        scrub()

    @rule(browser=browsers)
    def leave(self, browser: int) -> None:
        one = AssessmentSession.objects.filter(pk=self.started[browser].session.pk)
        one.update(expires_at=self.started[browser].session.started_at)
        announce_ended_sessions()

    @rule()
    def compare(self) -> None:
        assert correct_contact_choices() == 0

    @invariant()
    def every_copy_is_what_the_log_says(self) -> None:
        assert copies() == expected()


@pytest.mark.django_db
def test_no_order_of_events_leaves_another_copy_than_the_log_says(
    version: QuestionnaireVersion,
) -> None:
    LeadMachine.version = version
    run_state_machine_as_test(
        LeadMachine,
        settings=settings(
            max_examples=50,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.django_db
def test_copies_that_are_missing_or_wrong_are_corrected(version: QuestionnaireVersion) -> None:
    """As an upgrade leaves them, or an objection whose retention has ended."""
    leads = [AssessmentFactory.create(version=version, email=address) for address in (ADA, ADA, BEA)]
    record_choices(ADA, OBJECTION, ConsentSource.API)
    Assessment.objects.filter(pk=leads[0].pk).update(contact_choice=None)
    Assessment.objects.filter(pk=leads[2].pk).update(contact_choice=True)
    assert correct_contact_choices() == 2
    assert copies() == {leads[0].pk: False, leads[1].pk: False, leads[2].pk: None}


@pytest.mark.django_db
def test_many_copies_that_are_right_are_compared_in_few_queries(
    version: QuestionnaireVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        AssessmentFactory.create(version=version, email=ADA)
    with django_assert_num_queries(2):
        correct_contact_choices()


Start = Callable[[Callable[[], object]], Future[object]]
WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"
two_connections = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start work on another connection, and go on when it waits for us."""
    with ThreadPoolExecutor(1) as pool:

        def started(work: Callable[[], object]) -> Future[object]:
            future = pool.submit(on_a_connection_of_its_own, work)
            deadline = time.monotonic() + 4  # before the wait for a lock is given up
            with connection.cursor() as cursor:
                while not cursor.execute(WAITING).fetchone():
                    assert not future.done(), "it did not wait"
                    assert time.monotonic() < deadline, "nobody waits"
            return future

        yield started


def on_a_connection_of_its_own(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connections.close_all()


def elsewhere(work: Callable[[], object]) -> object:
    """Do this work on another connection, and wait for it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(on_a_connection_of_its_own, work).result(20)


@pytest.fixture
def token(version: QuestionnaireVersion) -> str:
    """Of a browser in which everything is answered."""
    begun = services.start_assessment(versions.get(version.pk), Visitor())
    answers = dict.fromkeys(begun.version.definition.questions, "C")
    services.save_progress(services.open_session(begun.token), step=4, answers=answers)
    return begun.token


def submit(token: str) -> Assessment:
    return submit_assessment(token, last=LastPart({}, {"email": ADA}))


def object_as_owner(address: str = ADA) -> None:
    record_choices(address, OBJECTION, ConsentSource.PRIVACY_PAGE)


@two_connections
def test_an_objection_between_the_reading_and_the_writing_of_a_submit_counts(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = consents.choices_of

    def then_objected(*asked: Any) -> Any:
        found = read(*asked)
        elsewhere(object_as_owner)
        monkeypatch.undo()
        return found

    monkeypatch.setattr(consents, "choices_of", then_objected)
    assert submit(token).contact_choice is False
    assert copies() == expected()


@two_connections
def test_a_submit_waits_for_an_objection_that_is_being_recorded(token: str, start: Start) -> None:
    with transaction.atomic():
        object_as_owner()
        submitted = start(lambda: submit(token))
    submitted.result(20)
    assert list(copies().values()) == [False]


@two_connections
def test_an_objection_waits_for_a_submit_that_is_being_written(token: str, start: Start) -> None:
    with transaction.atomic():
        submit(token)
        objected = start(object_as_owner)
    objected.result(20)
    assert list(copies().values()) == [False]


@two_connections
def test_an_objection_waits_for_a_lead_that_is_given_its_address(token: str, start: Start) -> None:
    submit(token)
    with transaction.atomic():
        update_contact(token, Contact(email=BEA))
        objected = start(lambda: object_as_owner(BEA))
    objected.result(20)
    assert list(copies().values()) == [False]


@two_connections
def test_a_lead_is_given_an_address_only_when_an_objection_is_recorded(token: str, start: Start) -> None:
    submit(token)
    with transaction.atomic():
        object_as_owner(BEA)
        changed = start(lambda: update_contact(token, Contact(email=BEA)))
    changed.result(20)
    assert list(copies().values()) == [False]


@two_connections
def test_details_with_a_choice_and_an_objection_of_the_same_address_wait_for_each_other_in_one_order(
    token: str, start: Start
) -> None:
    """Both write the lead: if each held what the other waits for, PostgreSQL would end one of them."""
    submit(token)
    agreed = ConsentChoice({Purpose.FOLLOW_UP: True})
    with transaction.atomic():
        consents.lock_address(ADA)
        changed = start(lambda: update_contact(token, Contact(email=ADA), agreed))
        object_as_owner()
    changed.result(20)
    assert copies() == expected()
    assert list(copies().values()) == [False]


@two_connections
def test_whoever_is_scrubbed_at_this_moment_gets_no_copy(token: str, start: Start) -> None:
    key = submit(token).pk
    with transaction.atomic():
        Assessment.objects.filter(pk=key).update(email=None, contact_choice=None)
        objected = start(object_as_owner)
    objected.result(20)
    assert copies() == {key: None}
