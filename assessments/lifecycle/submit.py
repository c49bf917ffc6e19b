"""Submit an assessment: score it, qualify the lead and announce it. Two statements, three of a lead."""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from assessments.errors import Incomplete, InvalidAnswers
from assessments.lifecycle import answer_validation, consents
from assessments.lifecycle.address_proof import proof_of
from assessments.lifecycle.completion import record_result
from assessments.lifecycle.consents import Choices
from assessments.lifecycle.services import (
    NO_CHOICE,
    ConsentChoice,
    adaptive_columns,
    changed_columns,
    open_session,
    record_consent,
    require_unlocked,
    session_lifetime,
)
from assessments.models import Assessment, AssessmentSession
from assessments.models.signs import Sign
from assessments.signals import lead_changed
from scorecard import versions
from scorecard.definition import Definition
from scorecard.question_types.file_upload import upload_questions

NO_CHOICES = Choices({}, {})


@dataclass(frozen=True, slots=True)
class LastPart:
    """What is sent along with a submit: answers, contact fields (None clears one) and consents."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    contact: Mapping[str, str | None] = field(default_factory=dict)
    consent: ConsentChoice = NO_CHOICE


NOTHING = LastPart()


class WrittenMeanwhile(Exception):
    """The session or its assessment was written after it was read."""


def submit_assessment(
    token: str,
    *,
    session: AssessmentSession | None = None,
    last: LastPart = NOTHING,
    proven: bool = True,
    signs: Collection[Sign] = (),
) -> Assessment:
    """Score the assessment, qualify the lead and announce it. Idempotent.

    The contact details move from the session to the assessment. Without proof of work (`proven`), or with bot
    `signs`, the assessment is marked, never rejected. `session`: as opened before, to save a query.
    Raises Incomplete with the keys of required questions without an answer, and InvalidAnswers.
    """
    try:
        return finish_session(session or open_session(token), last, proven=proven, signs=signs)
    except WrittenMeanwhile:
        with transaction.atomic():
            return finish_session(open_session(token, lock=True), last, proven=proven, signs=signs)


def finish_session(
    session: AssessmentSession, last: LastPart, *, proven: bool, signs: Collection[Sign]
) -> Assessment:
    """Submit the assessment of this session as it was read. Raises WrittenMeanwhile."""
    assessment, before = session.assessment, session.email
    if assessment.completed_at:
        return assessment
    definition = versions.get(assessment.version_id).definition
    add_last_part(session, definition, last)
    if missing := answer_validation.missing_answers(definition, session.responses):
        raise Incomplete(missing)
    choices = consents.choices_of(session.email, assessment.pk) if session.email else NO_CHOICES
    says_more = bool(last.consent.purposes) or not choices.is_empty or proof_of(assessment) is not None
    # Else the statement of the result takes along all that is to be committed together with it.
    with transaction.atomic() if says_more or upload_questions(definition) else nullcontext():
        if not record_result(
            session, assessment, definition, proven=proven, signs=signs, lifetime=session_lifetime()
        ):
            raise WrittenMeanwhile
        record_consent(assessment, assessment.email, last.consent, before=before)
        if assessment.lead_quality:
            known = None if last.consent.purposes else choices
            lead_changed.send(Assessment, assessment=assessment, is_queued=True, choices=known)
    return assessment


def add_last_part(session: AssessmentSession, definition: Definition, last: LastPart) -> None:
    """Merge it into the session in memory. Raises InvalidAnswers and DetailsLocked."""
    if last.consent.purposes:
        require_unlocked(session)
    if not (last.answers or last.contact):
        return
    checked = answer_validation.validate(definition, last.answers)
    if checked.problems:
        raise InvalidAnswers(checked.problems)
    known = checked.merged_into(session.responses)
    columns = changed_columns(session, last.contact)
    if last.answers:
        columns |= adaptive_columns(definition, session, known)
    session.responses = known
    session.last_activity = session.now if last.answers else session.last_activity
    for name, value in columns.items():
        setattr(session, name, value)
