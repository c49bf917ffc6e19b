"""The four steps of an assessment, with their query budgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from constance.test import override_config
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.errors import (
    AlreadySubmitted,
    AssessmentNotFound,
    Incomplete,
    InvalidAnswers,
    SessionExpired,
)
from assessments.lifecycle import ended_sessions, services
from assessments.lifecycle.services import Started
from assessments.lifecycle.submit import submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession, Purpose, Response
from assessments.qualification import Contact
from assessments.signals import lead_changed
from scorecard import versions
from scorecard.definition import Definition
from scorecard.models import QuestionnaireVersion
from tests.elsewhere import Elsewhere

ADA = Contact(email="ada@engines.example", first_name="Ada", company="Engines")


@pytest.fixture
def started(version: QuestionnaireVersion) -> Started:
    return services.start_assessment(versions.get(version.pk), Visitor(client_hash="a" * 64))


@pytest.fixture
def answered(started: Started, definition: Definition) -> Started:
    """An assessment with every question answered and contact details given."""
    answers = dict.fromkeys(definition.questions, "C")
    services.save_progress(started.session, step=4, answers=answers, contact=ADA.given)
    return started


@contextmanager
def budget(queries: int) -> Iterator[None]:
    """At most so many statements, beside those that open and close transactions."""
    with CaptureQueriesContext(connection) as captured:
        yield
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    asked = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(frame)]
    assert len(asked) <= queries, "\n".join(asked)


@contextmanager
def heard() -> Iterator[list[Assessment]]:
    """The leads that were said to have changed."""
    leads: list[Assessment] = []

    def hear(assessment: Assessment, **kwargs: Any) -> None:
        leads.append(assessment)

    lead_changed.connect(hear)
    try:
        yield leads
    finally:
        lead_changed.disconnect(hear)


def test_start_costs_one_query(started: Started, version: QuestionnaireVersion) -> None:
    with budget(1):
        services.start_assessment(versions.get(version.pk), Visitor())


def test_save_costs_two_queries(started: Started) -> None:
    with budget(2):
        session = services.open_session(started.token)
        services.save_progress(session, step=1, answers={"governance_1": "A"})


def test_save_costs_two_queries_with_an_address_that_is_known(answered: Started) -> None:
    with budget(2):
        session = services.open_session(answered.token)
        services.save_progress(session, step=1, answers={"governance_1": "A"}, contact=ADA.given)


def test_submit_costs_two_queries_and_one_for_each_receiver(answered: Started) -> None:
    with budget(4):
        submit_assessment(answered.token)


def test_results_cost_two_queries(answered: Started) -> None:
    assessment = submit_assessment(answered.token)
    with budget(2):
        services.open_result(answered.token, assessment.pk)


def test_a_token_has_256_bits_and_is_never_stored(started: Started) -> None:
    assert len(started.token.partition(".")[0]) == 43
    assert not Assessment.objects.filter(session_id=started.token).exists()


def test_submit_moves_the_person_from_the_session_to_the_assessment(answered: Started) -> None:
    assessment = submit_assessment(answered.token)
    assert (assessment.email, assessment.company) == (ADA.email, ADA.company)
    session = AssessmentSession.objects.get()
    assert (session.email, session.company, session.responses) == (None, None, {})


def test_submit_writes_one_response_for_each_answer(answered: Started) -> None:
    submit_assessment(answered.token)
    assert Response.objects.filter(value={"selectedOptionId": "C"}).count() == 16


def test_submit_records_the_time_it_took(answered: Started) -> None:
    AssessmentSession.objects.update(started_at="2020-01-01T00:00Z")
    assert (submit_assessment(answered.token).completion_time_seconds or 0) > 10**8


def test_submit_tells_that_a_lead_has_changed(answered: Started) -> None:
    with heard() as leads:
        assessment = submit_assessment(answered.token)
    assert [lead.pk for lead in leads] == [assessment.pk]


def test_a_new_address_makes_no_lead_before_the_end(started: Started) -> None:
    with heard() as leads:
        services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    assert leads == []


def test_an_emptied_address_is_empty(started: Started) -> None:
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    services.save_progress(services.open_session(started.token), step=1, answers={}, contact={"email": None})
    session = AssessmentSession.objects.get()
    assert (session.email, session.first_name) == (None, "Ada")


def end_session(started: Started) -> None:
    AssessmentSession.objects.filter(pk=started.session.pk).update(expires_at=timezone.now() - timedelta(1))


@pytest.mark.parametrize(("agreed", "announced"), [(True, 1), (False, 0)])
def test_the_end_of_a_session_makes_a_lead_of_who_agreed_to_be_contacted_once(
    started: Started, agreed: bool, announced: int
) -> None:
    consent = services.ConsentChoice({Purpose.FOLLOW_UP: True}) if agreed else services.NO_CHOICE
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given, consent=consent)
    with heard() as leads:
        assert ended_sessions.announce_ended_sessions() == 0, "the session is open"
        end_session(started)
        assert ended_sessions.announce_ended_sessions() == announced
        assert ended_sessions.announce_ended_sessions() == 0
    assert len(leads) == announced


def test_a_session_that_ends_without_an_address_makes_no_lead(started: Started) -> None:
    end_session(started)
    assert ended_sessions.announce_ended_sessions() == 0


@pytest.fixture
def early_handover(db: None) -> Iterator[None]:
    with override_config(EARLY_HANDOVER_ENABLED=True):
        yield


@pytest.mark.usefixtures("early_handover")
def test_autosave_never_hands_over(started: Started) -> None:
    with heard() as leads:
        services.save_progress(started.session, step=1, answers={}, contact=ADA.given, sent_on=False)
    assert leads == []


@pytest.mark.usefixtures("early_handover")
def test_early_handover_announces_an_emptied_address_too(started: Started) -> None:
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    with heard() as leads:
        session = services.open_session(started.token)
        services.save_progress(session, step=1, answers={}, contact={"email": None}, sent_on=False)
    assert len(leads) == 1


@pytest.mark.usefixtures("early_handover")
def test_with_early_handover_a_new_address_makes_a_lead_before_the_end(started: Started) -> None:
    with heard() as leads:
        services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
        services.save_progress(started.session, step=2, answers={}, contact=ADA.given)
        services.save_progress(started.session, step=2, answers={"governance_1": "A"})
    assert [lead.pk for lead in leads] == [started.session.assessment.pk]


@pytest.mark.usefixtures("early_handover")
def test_an_address_that_was_corrected_makes_it_again(started: Started) -> None:
    services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    Assessment.objects.update(hubspot_sync_status="synced")
    with heard() as leads:
        corrected = replace(ADA, email="a@b.example").given
        services.save_progress(started.session, step=1, answers={}, contact=corrected)
    assert len(leads) == 1
    assert Assessment.objects.get().hubspot_sync_status == "pending"


def test_a_name_without_an_address_makes_no_lead(started: Started) -> None:
    with heard() as leads:
        services.save_progress(started.session, step=1, answers={}, contact=Contact(first_name="Ada").given)
    assert leads == []


def test_a_save_that_comes_after_the_submit_makes_no_lead(answered: Started) -> None:
    late = services.open_session(answered.token)
    submit_assessment(answered.token)
    with heard() as leads:
        services.save_progress(late, step=1, answers={}, contact=replace(ADA, email="a@b.example").given)
    assert leads == []


@pytest.mark.usefixtures("early_handover")
def test_an_address_and_its_lead_are_saved_together_or_not_at_all(started: Started) -> None:
    def refuse(**kwargs: Any) -> None:
        raise RuntimeError

    lead_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            services.save_progress(started.session, step=1, answers={}, contact=ADA.given)
    finally:
        lead_changed.disconnect(refuse)
    assert AssessmentSession.objects.get().email is None


def test_submit_without_an_address_makes_no_lead(started: Started, definition: Definition) -> None:
    services.save_progress(started.session, step=4, answers=dict.fromkeys(definition.questions, "E"))
    with heard() as leads:
        assessment = submit_assessment(started.token)
    assert leads == []
    assert (assessment.lead_quality, assessment.hubspot_sync_status) == (None, "skipped")


def test_submit_names_what_is_missing_in_the_order_of_the_form(
    started: Started, definition: Definition
) -> None:
    with pytest.raises(Incomplete) as refused:
        submit_assessment(started.token)
    assert refused.value.missing == tuple(definition.questions)


def test_a_second_submit_changes_nothing(answered: Started) -> None:
    first = submit_assessment(answered.token)
    with heard() as leads:
        again = submit_assessment(answered.token)
    assert (again.completed_at, leads) == (first.completed_at, [])


def test_answers_are_final_after_submit(answered: Started) -> None:
    submit_assessment(answered.token)
    with pytest.raises(AlreadySubmitted):
        services.save_progress(services.open_session(answered.token), step=1, answers={"governance_1": "A"})


def test_an_unknown_question_saves_nothing(started: Started) -> None:
    with pytest.raises(InvalidAnswers):
        services.save_progress(started.session, step=1, answers={"governance_1": "A", "nonsense": "A"})
    assert AssessmentSession.objects.get().responses == {}


def test_steps_never_count_backwards_or_past_the_end(started: Started) -> None:
    for step in (3, 1, 99):
        services.save_progress(started.session, step=step, answers={})
    assert AssessmentSession.objects.get().current_step == 4


def test_an_expired_session_opens_nothing(started: Started) -> None:
    AssessmentSession.objects.update(expires_at="2020-01-01T00:00Z")
    with pytest.raises(SessionExpired):
        services.open_session(started.token)


def test_contact_details_wait_for_a_finished_assessment(started: Started) -> None:
    with pytest.raises(AssessmentNotFound):
        services.update_contact(started.token, ADA)


def test_a_scrubbed_person_does_not_come_back(answered: Started) -> None:
    submit_assessment(answered.token)
    Assessment.objects.update(email_scrubbed_at="2026-01-01T00:00Z", email=None)
    with pytest.raises(AssessmentNotFound):
        services.update_contact(answered.token, ADA)


@pytest.mark.django_db(transaction=True)
def test_eight_submits_at_once_make_one_result(answered: Started, elsewhere: Elsewhere) -> None:
    results = elsewhere.at_once(8, lambda _: submit_assessment(answered.token).completed_at)
    assert len(set(results)) == 1
    assert Response.objects.count() == 16


@pytest.mark.django_db(transaction=True)
def test_saves_at_once_lose_no_answer(started: Started, definition: Definition, elsewhere: Elsewhere) -> None:
    keys = list(definition.questions)

    def save(number: int) -> None:
        session = services.open_session(started.token)
        services.save_progress(session, step=1, answers={keys[number]: "B"})

    elsewhere.at_once(8, save)
    assert len(AssessmentSession.objects.get().responses) == 8
