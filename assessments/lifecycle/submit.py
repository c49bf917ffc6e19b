"""Submit an assessment: score it, qualify the lead and announce it. Two statements, three of a lead."""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from constance import config
from django.db import transaction

from assessments.bots.submit import submit_signs
from assessments.errors import Incomplete, InvalidAnswers
from assessments.lifecycle import answer_validation, consents, uploads
from assessments.lifecycle.address_proof import proof_of
from assessments.lifecycle.consents import Choices
from assessments.lifecycle.services import (
    LEAD_FIELDS,
    NO_CHOICE,
    ConsentChoice,
    adaptive_columns,
    changed_columns,
    open_session,
    record_consent,
    require_unlocked,
    session_lifetime,
)
from assessments.lifecycle.statements import responses_of, store_result
from assessments.models import Assessment, AssessmentSession, Purpose
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.signs import Sign, merge_signs
from assessments.signals import Insert, lead_changed, lead_finishes
from scorecard import versions
from scorecard.definition import Definition
from scorecard.question_types.file_upload import upload_questions
from scorecard.recommendations import recommend
from scorecard.scoring import score

NO_CHOICES = Choices({}, {})
RESULT_FIELDS = (
    "responses",
    "total_score",
    "score_breakdown",
    "score_category",
    "recommendations",
    "completed_at",
    "completion_time_seconds",
)


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
            locked = open_session(token, lock=True)
            return finish_session(locked, last, proven=proven, signs=signs, lock=True)


def finish_session(
    session: AssessmentSession, last: LastPart, *, proven: bool, signs: Collection[Sign], lock: bool = False
) -> Assessment:
    """Submit the assessment of this session as it was read.

    Raises WrittenMeanwhile, but not with `lock`: then the caller has locked the session.
    """
    assessment, before = session.assessment, session.email
    if assessment.completed_at:
        return assessment
    definition = versions.get(assessment.version_id).definition
    add_last_part(session, definition, last)
    if missing := answer_validation.missing_answers(definition, session.responses):
        raise Incomplete(missing)
    if lock and session.email:
        consents.lock_address(session.email)
    choices = consents.choices_of(session.email, assessment.pk) if session.email else NO_CHOICES
    assessment.contact_choice = choices.in_force.get(Purpose.FOLLOW_UP)
    says_more = bool(last.consent.purposes) or not choices.is_empty or proof_of(assessment) is not None
    # Else the statement of the result takes along all that is to be committed together with it.
    with transaction.atomic() if says_more or upload_questions(definition) else nullcontext():
        if not record_result(
            session,
            assessment,
            definition,
            proven=proven,
            signs=signs,
            lifetime=session_lifetime(),
            newest_choice=choices.newest,
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


def record_result(
    session: AssessmentSession,
    assessment: Assessment,
    definition: Definition,
    *,
    proven: bool,
    lifetime: timedelta,
    newest_choice: int,
    signs: Collection[Sign] = (),
) -> bool:
    """Store score, category, recommendations, lead quality and responses, and clear the session.

    The session lives on for `lifetime`, to show the result. One statement. Returns False, and stores nothing,
    when the session or the assessment was written since it was read, or a choice recorded after
    `newest_choice` about the address.
    """
    session.responses = answer_validation.counted_answers(definition, session.responses)
    assessment.responses = session.responses
    uploads.keep_answered(assessment, definition, session.responses)
    if definition.has_score:
        result = score(definition, session.responses)
        assessment.total_score = result.total
        assessment.score_breakdown = dict(result.areas)
        assessment.score_category = result.category
        assessment.recommendations = [advice.title for advice in recommend(definition, result.areas)]
    assessment.completed_at = session.now
    assessment.completion_time_seconds = int((session.now - session.started_at).total_seconds())
    for name in CONTACT_FIELDS:
        setattr(assessment, name, getattr(session, name))
    shown = submit_signs(
        seconds=assessment.completion_time_seconds,
        least_seconds=config.LEAST_SECONDS,
        browser=assessment.browser_info,
        proven=proven,
    )
    assessment.doubts = merge_signs([*session.doubts, *assessment.doubts], *shown, *signs)
    assessment.requalify()
    return store_result(
        session,
        (*RESULT_FIELDS, *LEAD_FIELDS, "contact_choice"),
        responses_of(session, assessment),
        lifetime=lifetime,
        newest_choice=newest_choice,
        also=queue_rows(assessment),
    )


def queue_rows(assessment: Assessment) -> list[Insert]:
    """What apps above store together with the result of a lead."""
    if not assessment.lead_quality:
        return []
    answered = lead_finishes.send(Assessment, assessment=assessment)
    return [cast("Insert", insert) for _, insert in answered if insert]
