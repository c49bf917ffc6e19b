"""The four moves of a run: start, save progress, submit, update contact details.

Each is one transaction. Times come from the database's clock.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from constance import config
from django.db import transaction
from django.db.models import F, Func, JSONField, OuterRef, QuerySet, Value
from django.db.models.functions import Greatest, Now

from assessments.errors import (
    AlreadySubmitted,
    AssessmentNotFound,
    Incomplete,
    ResultClosed,
    ResultOfAnother,
    SessionExpired,
)
from assessments.lifecycle import answer_validation, consents
from assessments.lifecycle.completion import LEAD_FIELDS, record_result
from assessments.lifecycle.visitors import Visitor
from assessments.models import Assessment, AssessmentSession, Purpose, RunLink, Source, SuppressedAddress
from assessments.models.assessment import SyncStatus
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.session import session_key
from assessments.models.signs import Sign, with_signs
from assessments.qualification import Contact
from assessments.signals import lead_changed
from scorecard import versions
from scorecard.versions import PublishedVersion
from web.languages import spoken

TOKEN_BYTES = 32  # 256 bits


@dataclass(frozen=True, slots=True)
class Said:
    """What the person agreed to (or took back: False) beside an address, and where."""

    purposes: Mapping[Purpose, bool] = field(default_factory=dict)
    source: Source = Source.API
    language: str = ""  # in which the words were read; '' for the one that is spoken now


NOTHING_SAID = Said()
NO_TIME: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Started:
    """A new run and the token that opens it: the only time the token is known to us."""

    session: AssessmentSession
    token: str


def session_lifetime() -> timedelta:
    return timedelta(hours=config.SESSION_TIMEOUT_HOURS)


class Concat(Func):
    """`a || b`: the keys of both objects, those of b win."""

    template = "%(expressions)s"
    arg_joiner = " || "
    output_field = JSONField()


def start(version: PublishedVersion, visitor: Visitor) -> Started:
    """Open a session on this version. Two INSERTs."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        assessment = Assessment.objects.create(
            session_id=session_key(token),
            version_id=version.id,
            browser_info=visitor.browser,
            referrer_source=visitor.referrer_source,
            utm=visitor.utm,
            language=spoken(),
            ab_test_variant=visitor.variant,
            variants=visitor.variants,
            ip_address_hash=visitor.address_hash,
        )
        session = AssessmentSession.objects.create(
            assessment=assessment,
            total_steps=version.definition.total_steps,
            ip_address_hash=visitor.address_hash,
            user_agent=visitor.user_agent[:500],
            referrer_source=visitor.referrer_source,
            ab_test_variant=visitor.variant,
            expires_at=Now() + session_lifetime(),
        )
    return Started(session, token)


def open_session(token: str, *, lock: bool = False) -> AssessmentSession:
    """The live session of a token with its assessment. One query, and one more for another language.

    Raises SessionExpired when its time is over and for an unknown token: whoever holds one had a session.
    """
    found = AssessmentSession.objects.of_token(token)
    return live(found.select_for_update() if lock else found)


def live(found: QuerySet[AssessmentSession]) -> AssessmentSession:
    """The session that was found, while its time lasts; else SessionExpired."""
    session = found.first()
    if session is None or session.expires_at <= session.now:
        raise SessionExpired
    session.assessment.note_language(spoken())
    return session


def open_result(token: str, assessment_id: UUID) -> AssessmentSession:
    """The session of whoever may see this result, with its link to share; its time starts anew. Two queries.

    Raises ResultClosed without an open session, ResultOfAnother when it is not the holder's own,
    Incomplete when it has no result yet.
    """
    link = RunLink.objects.filter(assessment=OuterRef("assessment__pk")).shown()
    try:
        session = live(AssessmentSession.objects.of_token(token).with_shared_link(link))
    except SessionExpired as error:
        raise ResultClosed from error
    if session.assessment.id != assessment_id:
        raise ResultOfAnother
    if not session.assessment.completed_at:
        definition = versions.get(session.assessment.version_id).definition
        raise Incomplete(answer_validation.missing(definition, session.responses))
    AssessmentSession.objects.filter(pk=session.pk).update(expires_at=Now() + session_lifetime())
    return session


def save_progress(
    session: AssessmentSession,
    *,
    step: int,
    answers: Mapping[str, Any],
    contact: Contact | None = None,
    said: Said = NOTHING_SAID,
    signs: Collection[Sign] = (),
    time_spent: Mapping[str, int] = NO_TIME,
) -> None:
    """Add answers (and contact details, where given) to an open session. One UPDATE.

    The database merges the answers, so two tabs that save at once lose nothing. A new e-mail address makes a
    lead at once: it is handed on although the run is not finished. `time_spent` in seconds, by question: what
    the latest page says of a question replaces what an earlier one said.
    Raises InvalidInput for unknown questions or options, AlreadySubmitted when the answers are final.
    """
    if session.assessment.completed_at:
        raise AlreadySubmitted
    definition = versions.get(session.assessment.version_id).definition
    merged = answer_validation.check(definition, answers)
    given: dict[str, Any] = {name: value for name, value in asdict(contact or Contact()).items() if value}
    if signs:
        given["doubts"] = with_signs(session.doubts, *signs)
    with transaction.atomic():
        AssessmentSession.objects.filter(pk=session.pk, assessment__completed_at__isnull=True).update(
            responses=Concat(F("responses"), Value(merged, JSONField())),
            time_spent=Concat(F("time_spent"), Value(dict(time_spent), JSONField())),
            current_step=Greatest(F("current_step"), min(max(step, 0), session.total_steps)),
            expires_at=Now() + session_lifetime(),
            **given,
        )
        if keep_word(session.assessment, given.get("email", session.email), said, before=session.email):
            hand_on_early(session.assessment)
    session.responses |= merged
    for name, value in given.items():
        setattr(session, name, value)


def keep_word(run: Assessment, address: str | None, said: Said, *, before: str | None) -> bool:
    """Record what was agreed to in this run with this address; True when there is something new to hand on.

    Whoever gives an address anew that we once erased is no longer suppressed: it is the person's own will.
    """
    if not address:
        return False
    if address != before:
        SuppressedAddress.objects.lift(address)
    agreed = said.purposes and consents.record(
        address, said.purposes, said.source, language=said.language, since=run.created_at
    )
    return address != before or bool(agreed)


def hand_on_early(assessment: Assessment) -> None:
    """Tell that an open run has an address, or another one than before; submit tells of a finished one."""
    still_open = Assessment.objects.filter(pk=assessment.pk, completed_at__isnull=True)
    if still_open.update(hubspot_sync_status=SyncStatus.PENDING, hubspot_sync_error=None):
        lead_changed.send(Assessment, assessment=assessment)


def submit(token: str, *, proven: bool = True) -> Assessment:
    """Score the run, qualify the lead and hand it on. Doing it again changes nothing.

    The contact details move from the session to the assessment: one home for each fact.
    Without the proof of work that was asked for the run is marked (`proven`), never refused.
    Raises Incomplete with the keys of required questions without an answer.
    """
    with transaction.atomic():
        session = open_session(token, lock=True)
        assessment = session.assessment
        if assessment.completed_at:
            return assessment
        definition = versions.get(assessment.version_id).definition
        if missing := answer_validation.missing(definition, session.responses):
            raise Incomplete(missing)
        record_result(session, assessment, proven=proven)
        AssessmentSession.objects.filter(pk=session.pk).update(
            responses={},
            time_spent={},
            current_step=session.total_steps,
            expires_at=Now() + session_lifetime(),
            **dict.fromkeys(CONTACT_FIELDS),
        )
        if assessment.lead_quality:
            lead_changed.send(Assessment, assessment=assessment)
    return assessment


def update_contact(
    token: str, contact: Contact, said: Said = NOTHING_SAID, signs: Collection[Sign] = ()
) -> Assessment:
    """Set the contact details of a finished run and qualify the lead again.

    Raises AssessmentNotFound when the run is not finished or its personal data was scrubbed.
    """
    with transaction.atomic():
        session = open_session(token, lock=True)
        assessment = session.assessment
        if not assessment.completed_at or assessment.email_scrubbed_at:
            raise AssessmentNotFound
        keep_word(assessment, contact.email, said, before=assessment.email)
        for name, value in asdict(contact).items():
            setattr(assessment, name, value)
        assessment.doubts = with_signs(assessment.doubts, *signs)
        assessment.requalify()
        assessment.save(update_fields=LEAD_FIELDS)
        if assessment.lead_quality:
            lead_changed.send(Assessment, assessment=assessment)
    return assessment
