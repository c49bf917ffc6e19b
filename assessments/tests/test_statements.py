"""The hot statements: what they cost with BEGIN and COMMIT, how they find their rows, what they read."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from psycopg.types.json import Jsonb

from assessments.lifecycle import services, statements
from assessments.lifecycle.address_proof import prove
from assessments.lifecycle.quick_save import SAVE_AT_ONCE, SavedSession, save_at_once
from assessments.lifecycle.services import ConsentChoice, Started
from assessments.lifecycle.session_tokens import version_of
from assessments.lifecycle.submit import LastPart, submit_assessment
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession, Purpose
from encryption.email_addresses import address_hash
from scorecard import versions
from scorecard.adaptive.paging import progress
from scorecard.models import QuestionnaireVersion
from web.databases.statements import Statement

EMAIL = "ada@engines.example"


@pytest.fixture
def started(version: QuestionnaireVersion) -> Started:
    """An open session with every question answered."""
    published = versions.get(version.pk)
    begun = services.start_assessment(published, Visitor(client_hash="a" * 64))
    answers = dict.fromkeys(published.definition.questions, "C")
    services.save_progress(services.open_session(begun.token), step=4, answers=answers)
    return begun


@pytest.mark.django_db(transaction=True)
def test_a_start_is_one_statement(started: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        services.start_assessment(started.version, Visitor())
    assert len(captured) == 1


def save_quickly(started: Started, **changed: Any) -> SavedSession | None:
    given = {"assessment_id": None, "step": 1, "answers": {"governance_1": "A", "governance_2": ""}}
    return save_at_once(started.token, started.version.id, **{**given, **changed})


@pytest.mark.django_db(transaction=True)
def test_a_save_without_contact_details_is_one_statement(started: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        saved = save_quickly(started)
    assert verbs(captured) == ["UPDATE"]
    stored = AssessmentSession.objects.get()
    usual = services.open_session(started.token)
    assert saved is not None
    assert saved.responses == stored.responses == usual.responses
    assert (stored.responses["governance_1"], "governance_2" in stored.responses) == ("A", False)
    assert stored.progress == progress(started.version.definition, stored.responses).as_json()
    assert (saved.current_step, saved.total_steps) == (stored.current_step, stored.total_steps)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": "2020-01-01T00:00Z"},
        {"email": EMAIL},
        {"assessment__language": "de"},
    ],
)
def test_a_session_of_which_more_has_to_be_known_is_not_saved_at_once(
    started: Started, change: dict[str, Any]
) -> None:
    AssessmentSession.objects.update(**{name: to for name, to in change.items() if "__" not in name})
    Assessment.objects.update(**{name.partition("__")[2]: to for name, to in change.items() if "__" in name})
    before = AssessmentSession.objects.values("responses", "last_activity").get()
    assert save_quickly(started) is None
    assert AssessmentSession.objects.values("responses", "last_activity").get() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "moment"), [(AssessmentSession, "last_activity"), (Assessment, "updated_at")]
)
def test_a_statement_that_names_another_moment_is_stamped_with_its_own(
    started: Started, model: type[Model], moment: str
) -> None:
    model._default_manager.update(**{moment: "2020-01-01T00:00Z"})
    assert model._default_manager.values_list(moment, flat=True).get().year > 2020


@pytest.mark.django_db
def test_a_finished_assessment_is_not_saved_at_once(started: Started) -> None:
    submit_assessment(started.token)
    assert save_quickly(started) is None
    assert AssessmentSession.objects.get().responses == {}


@pytest.mark.django_db
def test_a_save_at_once_finds_its_session_by_its_keys(started: Started) -> None:
    given = {"key": "a" * 64, "version": started.version.id, "assessment": None, "language": "en"}
    answers = {"valid": Jsonb({}), "emptied": [], "total": 16, "step": 1, "lifetime": timedelta(hours=1)}
    found = plan(SAVE_AT_ONCE, **given, **answers)
    for index in ("assessment_sessions_pkey", "assessments_session_id"):
        assert index in found


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{"assessment_id": UUID(int=1)}, {"answers": {"governance_1": "Z"}}])
def test_neither_another_assessment_nor_a_wrong_answer_is_saved_at_once(
    started: Started, changed: dict[str, Any]
) -> None:
    assert save_quickly(started, **changed) is None


@pytest.mark.django_db
def test_a_version_that_is_not_there_saves_nothing(started: Started) -> None:
    assert save_at_once(started.token, UUID(int=1), assessment_id=None, step=1, answers={}) is None


@pytest.mark.django_db
def test_a_token_says_of_which_version_it_is_and_no_other_does(started: Started) -> None:
    assert version_of(started.token) == started.version.id
    forged = started.token.replace(started.version.id.hex, UUID(int=1).hex)
    assert version_of(forged) is version_of("a" * 43) is None


@pytest.mark.django_db(transaction=True)
def test_a_save_of_a_session_that_is_read_first_is_two_statements(started: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        services.save_progress(services.open_session(started.token), step=1, answers={"governance_1": "A"})
    assert len(captured) == 2


@pytest.mark.django_db(transaction=True)
def test_a_submit_without_an_address_is_two_statements(started: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        submit_assessment(started.token)
    assert verbs(captured) == ["SELECT", "WITH"]


@pytest.mark.django_db(transaction=True)
def test_a_submit_with_answers_and_an_address_is_three_statements(started: Started) -> None:
    """The second reads what was said about the address; the last queues the lead for HubSpot, too."""
    last = LastPart({"governance_1": "A"}, {"email": EMAIL})
    with CaptureQueriesContext(connection) as captured:
        submit_assessment(started.token, last=last)
    assert verbs(captured) == ["SELECT", "SELECT", "WITH"]


@pytest.mark.django_db(transaction=True)
def test_a_submit_with_consents_commits_them_together_with_the_result(started: Started) -> None:
    last = LastPart({}, {"email": EMAIL}, ConsentChoice({Purpose.RESULT: True}))
    with CaptureQueriesContext(connection) as captured:
        submit_assessment(started.token, last=last)
    found = verbs(captured)
    assert found[:4] == ["SELECT", "SELECT", "BEGIN", "WITH"]
    assert found[-1] == "COMMIT"
    assert "INSERT" in found[4:-1]


@pytest.mark.django_db(transaction=True)
def test_a_save_with_an_address_is_two_statements(started: Started) -> None:
    with CaptureQueriesContext(connection) as captured:
        session = services.open_session(started.token)
        services.save_progress(session, step=1, answers={}, contact={"email": EMAIL})
    assert verbs(captured) == ["SELECT", "UPDATE"]


@pytest.mark.django_db(transaction=True)
def test_hot_statements_are_prepared_once_for_a_connection(started: Started) -> None:
    connection.close()
    for _ in range(2):
        services.save_progress(services.open_session(started.token), step=1, answers={"governance_1": "A"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans FROM pg_prepared_statements")
        assert cursor.fetchall() == [(2,), (2,)]


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_changes_a_type_breaks_no_open_connection(started: Started) -> None:
    services.open_session(started.token)
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        change = "ALTER TABLE assessment_sessions ALTER COLUMN user_agent TYPE"
        other.execute(f"{change} varchar(600)")
        try:
            assert services.open_session(started.token).user_agent == ""
        finally:
            connection.close()
            other.execute(f"{change} text")


def verbs(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split(None, 1)[0] for query in captured.captured_queries]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("contact", [{}, {"email": EMAIL}])
def test_a_save_that_comes_between_the_reading_and_the_writing_of_a_submit_counts(
    started: Started, contact: dict[str, str | None]
) -> None:
    read = services.open_session(started.token)
    services.save_progress(services.open_session(started.token), step=1, answers={"governance_1": "E"})
    last = LastPart({"governance_2": "A"}, contact)
    finished = submit_assessment(started.token, session=read, last=last)
    stored = Assessment.objects.get()
    assert (stored.responses["governance_1"], stored.responses["governance_2"]) == ("E", "A")
    assert (stored.total_score, stored.email) == (finished.total_score, contact.get("email"))


@pytest.mark.django_db(transaction=True)
def test_a_person_erased_between_the_reading_and_the_writing_of_a_submit_stays_erased(
    started: Started,
) -> None:
    contact = {"email": EMAIL, "company": "Engines"}
    services.save_progress(services.open_session(started.token), step=4, answers={}, contact=contact)
    read = services.open_session(started.token)
    AssessmentSession.objects.update(email=None, company=None)
    submit_assessment(started.token, session=read)
    assert Assessment.objects.values_list("email", "company").get() == (None, None)


def plan(statement: Statement, **parameters: Any) -> str:
    """As PostgreSQL would execute it on tables that it knows to hold something."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE assessments, assessment_sessions, address_proofs")
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {statement.sql}", parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.parametrize("lock", [False, True])
def test_a_session_is_found_by_its_keys(started: Started, lock: bool) -> None:
    for _ in range(100):
        services.start_assessment(started.version, Visitor())
    found = plan(statements.open_statement(lock=lock), key="a" * 64)
    for index in ("assessment_sessions_pkey", "assessments_session_id", "address_proofs_pkey"):
        assert index in found


@pytest.mark.django_db
def test_a_session_is_read_as_the_orm_reads_it(started: Started) -> None:
    contact = {"email": EMAIL, "company": "Engines"}
    services.save_progress(services.open_session(started.token), step=4, answers={}, contact=contact)
    prove([started.session.assessment], address_hash(EMAIL), session_id=started.session.pk)
    read = statements.find_session(started.session.pk)
    usual = AssessmentSession.objects.of_token(started.token).get()
    assert read is not None
    for one, other in (
        (read, usual),
        (read.assessment, usual.assessment),
        (read.assessment.address_proof, usual.assessment.address_proof),
    ):
        for field in one._meta.concrete_fields:
            assert getattr(one, field.attname) == getattr(other, field.attname), field.name


@pytest.mark.django_db
def test_a_start_returns_what_is_stored(started: Started) -> None:
    begun = services.start_assessment(started.version, Visitor(client_hash="b" * 64, utm={"utm_source": "x"}))
    stored = AssessmentSession.objects.of_token(begun.token).get()
    for one, other in ((begun.session, stored), (begun.session.assessment, stored.assessment)):
        for name in ("started_at", "expires_at", "total_steps", "created_at", "utm", "version_id", "doubts"):
            assert getattr(one, name, None) == getattr(other, name, None), name


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_has_closed_is_seen_without_asking() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        pid = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not connection.is_usable()
    connection.close()
