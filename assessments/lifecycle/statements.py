"""The hot statements of an assessment (start, open, save, finish), each an `.sql` file beside this module.

They take and give the same model instances as the ORM, which everything else uses.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model
from psycopg.types.json import Jsonb

from assessments.models import AddressProof, Assessment, AssessmentSession
from assessments.signals import Insert
from encryption.email_addresses import address_hash, stored_hashes
from encryption.fields import EncryptedTextField
from encryption.sealed_json import seal_json, seal_keys
from scorecard import versions
from scorecard.question_types import type_of
from web.databases.statements import Statement

SQL = Path(__file__).with_name("sql")
START = Statement(SQL / "start.sql")
SAVE = Statement(SQL / "save.sql")

Row = TypeVar("Row", bound=Model)


class GivenAnswer(NamedTuple):
    """What the table of responses holds of an answer: a model instance costs ten times as much."""

    question_key: str
    value: Any
    time_spent_seconds: int | None
    answered_at: datetime


@cache
def concrete_fields(model: type[Model]) -> tuple["Field[Any, Any]", ...]:
    return tuple(model._meta.concrete_fields)


@cache
def attribute_names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in concrete_fields(model))


@cache
def conversions(model: type[Model]) -> tuple[tuple[int, Any], ...]:
    """(position, conversion) of the columns whose values are not taken as they are."""
    fields = enumerate(concrete_fields(model))
    return tuple(
        (position, field.from_db_value) for position, field in fields if hasattr(field, "from_db_value")
    )


@cache
def open_statement(*, lock: bool) -> Statement:
    tables = {"session": AssessmentSession, "assessment": Assessment, "proof": AddressProof}
    columns = [f"{name}.{field.column}" for name, model in tables.items() for field in concrete_fields(model)]
    locking = "FOR UPDATE OF session, assessment" if lock else ""
    return Statement(SQL / "open_session.sql", columns=", ".join(columns), lock=locking)


@cache
def finish_statement(names: tuple[str, ...], also: tuple[str, ...]) -> Statement:
    columns = [str(field.column) for field in concrete_fields(Assessment) if field.name in names]
    inserts = [f", also_{number} AS (\n{insert}\n)" for number, insert in enumerate(also)]
    return Statement(SQL / "finish.sql", columns=", ".join(columns), also="".join(inserts))


def instance_from_row(model: type[Row], values: Sequence[Any]) -> Row:
    """An instance from the values of all columns, as the ORM makes it."""
    read = list(values)
    for position, convert in conversions(model):
        read[position] = convert(read[position], None, connection)
    return model.from_db("default", attribute_names(model), read)


def jsonb_record(model: type[Model], values: Mapping[str, Any]) -> Jsonb:
    """Values by column, as `jsonb_populate_record` takes them; personal ones are sealed."""
    fields = {field.name: field for field in concrete_fields(model)}
    stored = {}
    for name, value in values.items():
        field = fields[name]
        sealed = isinstance(field, EncryptedTextField)
        stored[str(field.column)] = field.get_db_prep_save(value, connection) if sealed else value
    return Jsonb(stored, dumps=to_json)


def sealed_questions(assessment: Assessment) -> frozenset[str]:
    """The questions whose answers are sealed."""
    return frozenset(versions.get(assessment.version_id).definition.personal_questions)


def to_json(value: Any) -> str:
    return json.dumps(value, default=str)  # moments, to the microsecond


def insert_started(assessment: Assessment, session: AssessmentSession, lifetime: timedelta) -> None:
    """Insert both, and note on them when they started."""
    row = START.first(
        id=assessment.pk,
        key=assessment.session_id,
        version=assessment.version_id,
        browser=Jsonb(assessment.browser_info),
        referrer=assessment.referrer_source,
        utm=Jsonb(assessment.utm),
        language=assessment.language,
        variant=assessment.ab_test_variant,
        variants=Jsonb(assessment.variants),
        client=assessment.ip_address_hash,
        doubts=assessment.doubts,
        total_steps=session.total_steps,
        user_agent=session.user_agent,
        lifetime=lifetime,
    )
    session.started_at, session.expires_at = cast("tuple[Any, Any]", row)
    assessment.created_at = assessment.updated_at = session.last_activity = session.started_at
    for each in (assessment, session):
        each._state.adding, each._state.db = False, "default"


def find_session(key: str, *, lock: bool = False) -> AssessmentSession | None:
    """The session with this key, with its assessment, the proof of its address, and the clock as `now`."""
    row = open_statement(lock=lock).first(key=key)
    if row is None:
        return None
    first, second = len(concrete_fields(AssessmentSession)), len(concrete_fields(Assessment))
    session = instance_from_row(AssessmentSession, row[:first])
    assessment = instance_from_row(Assessment, row[first : first + second])
    *proof, session.now, session_written, assessment_written = row[first + second :]
    session.written_by = (session_written, assessment_written)
    found = instance_from_row(AddressProof, proof) if proof[0] is not None else None
    # One way only: two that refer to each other are freed late, by the collector of garbage.
    AssessmentSession.assessment.field.set_cached_value(session, assessment)
    Assessment.address_proof.related.set_cached_value(assessment, found)
    return session


def update_session(
    session: AssessmentSession,
    *,
    valid: Mapping[str, Any],
    emptied: Sequence[str],
    time_spent: Mapping[str, int],
    step: int,
    lifetime: timedelta,
    changed: Mapping[str, Any],
) -> None:
    """Merge answers into a session whose assessment is not finished; `changed` are further columns."""
    SAVE.first(
        key=session.pk,
        valid=Jsonb(seal_keys(valid, sealed_questions(session.assessment))),
        emptied=list(emptied),
        time_spent=Jsonb(dict(time_spent)),
        step=step,
        lifetime=lifetime,
        changed=jsonb_record(AssessmentSession, changed),
    )


def store_result(
    session: AssessmentSession,
    columns: Iterable[str],
    responses: Iterable[GivenAnswer],
    *,
    lifetime: timedelta,
    newest_choice: int = 0,
    also: Sequence[Insert] = (),
) -> bool:
    """Store these columns of a finished assessment and its responses, and clear its session.

    `newest_choice`: id of the newest choice that was known about its address.
    Returns False, and stores nothing, when the session or the assessment was written since it was read, or a
    choice recorded about the address.
    """
    assessment = session.assessment
    names = tuple(columns)
    answers = list(responses)
    personal = sealed_questions(assessment)
    result = {name: getattr(assessment, name) for name in names}
    if "responses" in result:
        result["responses"] = seal_keys(assessment.responses, personal)
    session_written, assessment_written = session.written_by
    stored = finish_statement(names, tuple([insert.sql for insert in also])).first(
        key=assessment.session_id,
        session=session_written,
        assessment=assessment_written,
        id=assessment.pk,
        result=jsonb_record(Assessment, result),
        responses=Jsonb(
            [
                {
                    "question_key": answer.question_key,
                    "value": seal_json(answer.value) if answer.question_key in personal else answer.value,
                    "time_spent_seconds": answer.time_spent_seconds,
                }
                for answer in answers
            ]
        ),
        at=answers[0].answered_at if answers else None,
        progress=Jsonb(session.progress),
        state=Jsonb(session.adaptive_state),
        lifetime=lifetime,
        addresses=stored_hashes(assessment.email) if assessment.email else None,
        scope=address_hash(assessment.email, assessment.pk) if assessment.email else None,
        known=newest_choice,
        **{name: value for insert in also for name, value in insert.parameters.items()},
    )
    return stored is not None


def responses_of(session: AssessmentSession, assessment: Assessment) -> list[GivenAnswer]:
    """One per answer of the session, in the format of its question type."""
    questions = versions.get(assessment.version_id).definition.questions
    return [
        GivenAnswer(
            key,
            type_of(questions[key]).to_response(answer),
            session.time_spent.get(key),
            session.last_activity,
        )
        for key, answer in session.responses.items()
    ]
