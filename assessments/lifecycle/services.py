"""The four steps of an assessment: start, save progress, submit, update contact details.

Each is one transaction. Times come from the database's clock.
"""

from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from constance import config
from django.db import transaction
from django.db.models import OuterRef
from django.db.models.functions import Now

from assessments.errors import (
    AlreadySubmitted,
    AssessmentNotFound,
    DetailsLocked,
    Incomplete,
    InvalidAnswers,
    ResultClosed,
    ResultOfAnother,
    SessionExpired,
)
from assessments.lifecycle import answer_validation, consents, statements, uploads
from assessments.lifecycle.address_proof import (
    end_proof,
    is_proven_for,
    may_change_details,
    proof_of,
    shows_details,
)
from assessments.lifecycle.session_tokens import new_token
from assessments.lifecycle.visitors import Visitor
from assessments.models import (
    Assessment,
    AssessmentLink,
    AssessmentSession,
    ConsentSource,
    Invitation,
    Purpose,
)
from assessments.models.assessment import SyncStatus
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.session import hash_token
from assessments.models.signs import Sign, merge_signs
from assessments.qualification import Contact
from assessments.signals import lead_changed
from scorecard import versions
from scorecard.adaptive.paging import adaptive_state, progress
from scorecard.definition import Definition
from scorecard.question_types import InvalidAnswer
from scorecard.versions import PublishedVersion
from scorecard.visibility import plan_of, visible
from web.languages import current_language

LEAD_FIELDS = (
    *CONTACT_FIELDS,
    "lead_quality",
    "qualified_for_briefing",
    "contact_depth",
    "hubspot_sync_status",
    "email_delivery_status",
    "doubts",
    "address_checked_at",
)


@dataclass(frozen=True, slots=True)
class ConsentChoice:
    """The purposes agreed to (True) or withdrawn (False), and where."""

    purposes: Mapping[Purpose, bool] = field(default_factory=dict)
    source: ConsentSource = ConsentSource.API
    language: str = ""  # of the consent texts shown; '' for the current one


NO_CHOICE = ConsentChoice()
NO_TIME: Mapping[str, int] = {}
NO_FIELDS: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True)
class Started:
    """A new session with its token; only the hash of the token is stored."""

    session: AssessmentSession
    token: str
    version: PublishedVersion


def session_lifetime() -> timedelta:
    return timedelta(hours=config.SESSION_TIMEOUT_HOURS)


def start_assessment(version: PublishedVersion, visitor: Visitor) -> Started:
    """Start an assessment on this version with an open session. One statement."""
    token = new_token(version.id)
    assessment = Assessment(
        session_id=hash_token(token),
        version_id=version.id,
        browser_info=visitor.browser,
        referrer_source=visitor.referrer_source,
        utm=visitor.utm,
        language=current_language(),
        ab_test_variant=visitor.variant,
        variants=visitor.variants,
        ip_address_hash=visitor.client_hash,
        doubts=list(visitor.signs),
    )
    session = AssessmentSession(
        assessment=assessment,
        total_steps=version.definition.total_steps,
        ip_address_hash=visitor.client_hash,
        user_agent=visitor.user_agent[:500],
        referrer_source=visitor.referrer_source,
        ab_test_variant=visitor.variant,
    )
    statements.insert_started(assessment, session, session_lifetime())
    return Started(session, token, version)


def open_session(token: str, *, lock: bool = False) -> AssessmentSession:
    """The open session for a token, with its assessment. One query, and an UPDATE when the language changed.

    Raises SessionExpired for an expired session and for an unknown token.
    """
    return require_live(statements.find_session(hash_token(token), lock=lock))


def require_live(session: AssessmentSession | None) -> AssessmentSession:
    """This session; raises SessionExpired if there is none or it has expired."""
    if session is None or session.expires_at <= session.now:
        raise SessionExpired
    session.assessment.note_language(current_language())
    return session


def open_result(token: str, assessment_id: UUID) -> AssessmentSession:
    """The session that owns this result, with its links for others; extends the session. Two queries.

    Raises ResultClosed without an open session, ResultOfAnother for another session's result, Incomplete when
    there is no result yet.
    """
    own = {"assessment": OuterRef("assessment__pk")}
    found = AssessmentSession.objects.of_token(token).with_links(
        shared=AssessmentLink.objects.filter(**own).for_display(),
        invitation=Invitation.objects.filter(**own).for_display(),
    )
    try:
        session = require_live(found.first())
    except SessionExpired as error:
        raise ResultClosed from error
    if session.assessment.id != assessment_id:
        raise ResultOfAnother
    if not session.assessment.completed_at:
        definition = versions.get(session.assessment.version_id).definition
        raise Incomplete(answer_validation.missing_answers(definition, session.responses))
    AssessmentSession.objects.filter(pk=session.pk).update(expires_at=Now() + session_lifetime())
    return session


def save_progress(
    session: AssessmentSession,
    *,
    step: int,
    answers: Mapping[str, Any],
    contact: Mapping[str, str | None] = NO_FIELDS,
    consent: ConsentChoice = NO_CHOICE,
    signs: Collection[Sign] = (),
    time_spent: Mapping[str, int] = NO_TIME,
    sent_on: bool = True,
    store_valid: bool = False,
) -> dict[str, InvalidAnswer]:
    """Store answers and contact fields (None clears one) in an open session. One UPDATE.

    The database merges the answers, so concurrent saves lose nothing. `time_spent`: seconds by question, the
    latest value wins. `sent_on`: the visitor pressed a button; early handover announces a lead with a new
    address only then.
    Raises AlreadySubmitted when the answers are final, and InvalidAnswers for unknown questions or options;
    with `store_valid` it stores the valid ones and returns the problems of the others.
    """
    if session.assessment.completed_at:
        raise AlreadySubmitted
    if consent.purposes:
        require_unlocked(session)
    definition = versions.get(session.assessment.version_id).definition
    checked = answer_validation.validate(definition, answers)
    with_files = uploads.resolve(session.assessment, definition, checked)
    if checked.problems and not store_valid:
        raise InvalidAnswers(checked.problems)
    changed = changed_columns(session, contact, signs)
    address = changed.get("email", session.email)
    known = checked.merged_into(session.responses)
    columns = changed | adaptive_columns(definition, session, known)
    may_be_announced = config.EARLY_HANDOVER_ENABLED and bool(address or session.email)
    # Else there is nothing to commit together with the answers.
    is_more = consent.purposes or may_be_announced or proof_of(session.assessment) or with_files
    with transaction.atomic() if is_more else nullcontext():
        statements.update_session(
            session,
            valid=checked.valid,
            emptied=checked.emptied,
            time_spent=time_spent,
            step=min(max(step, 0), session.total_steps),
            lifetime=session_lifetime(),
            changed=columns,
        )
        uploads.attach(session.assessment, with_files, known)
        is_new = record_consent(session.assessment, address, consent, before=session.email)
        taken_back = bool(session.email) and not address
        if (taken_back or (is_new and sent_on)) and config.EARLY_HANDOVER_ENABLED:
            announce_open_lead(session.assessment)
    session.responses = known
    for name, value in changed.items():
        setattr(session, name, value)
    return checked.problems


def changed_columns(
    session: AssessmentSession, contact: Mapping[str, str | None], signs: Collection[Sign] = ()
) -> dict[str, Any]:
    """The columns that these contact fields and signs change. Raises DetailsLocked."""
    changed: dict[str, Any] = dict(contact)
    if signs:
        changed["doubts"] = merge_signs(session.doubts, *signs)
    if changed.keys() & set(CONTACT_FIELDS):
        changed = {**replaced_details(session), **changed}
    return changed


def adaptive_columns(
    definition: Definition, session: AssessmentSession, answers: Mapping[str, Any]
) -> dict[str, Any]:
    """What the answers open and how far they got, as far as they are known here."""
    now = visible(definition, answers)
    columns: dict[str, Any] = {"progress": progress(definition, answers, now).as_json()}
    if plan_of(definition).waits:
        state = adaptive_state(definition, session.responses, answers, session.adaptive_state, now)
        columns["adaptive_state"] = session.adaptive_state = state
    return columns


def require_unlocked(session: AssessmentSession) -> None:
    """Raises DetailsLocked if another browser proved the address: this one speaks for nobody any more."""
    if not may_change_details(session):
        raise DetailsLocked


def replaced_details(session: AssessmentSession) -> dict[str, None]:
    """The contact fields to clear because another browser entered them. Raises DetailsLocked."""
    require_unlocked(session)
    return {} if shows_details(session) else dict.fromkeys(CONTACT_FIELDS)


def record_consent(
    assessment: Assessment, address: str | None, consent: ConsentChoice, *, before: str | None
) -> bool:
    """Record the consents given with this address; returns whether the address or a consent is new.

    As long as the address is only typed, the consents apply to this assessment alone, and an erased address
    stays suppressed.
    """
    if not address:
        return False
    if address != before:  # another browser may have corrected it: that ends no proof
        end_proof(assessment, address)
    agreed = consent.purposes and consents.record_choices(
        address,
        consent.purposes,
        consent.source,
        assessment=None if is_proven_for(assessment, address) else assessment.pk,
        language=consent.language,
        version=assessment.version_id,
    )
    return address != before or bool(agreed)


def announce_open_lead(assessment: Assessment) -> None:
    """Announce an unfinished lead with a new address or consents; submitting announces finished ones."""
    still_open = Assessment.objects.filter(pk=assessment.pk, completed_at__isnull=True)
    if still_open.update(hubspot_sync_status=SyncStatus.PENDING, hubspot_sync_error=None):
        lead_changed.send(Assessment, assessment=assessment)


def update_contact(
    token: str,
    contact: Contact,
    consent: ConsentChoice = NO_CHOICE,
    signs: Collection[Sign] = (),
    call_time: str = "",
) -> Assessment:
    """Set the contact details of a finished assessment and requalify the lead.

    `call_time`: a CallTime, or '' for no call.

    Raises AssessmentNotFound when the assessment is not finished or its personal data was scrubbed, and
    DetailsLocked when its address was proven in another browser.
    """
    with transaction.atomic():
        if Purpose.FOLLOW_UP in consent.purposes and contact.email:
            consents.lock_address(contact.email)  # before its leads, as who objects on the privacy page does
        session = open_session(token, lock=True)
        assessment = session.assessment
        if not assessment.completed_at or assessment.email_scrubbed_at:
            raise AssessmentNotFound
        replaced_details(session)
        record_consent(assessment, contact.email, consent, before=assessment.email)
        assessment.call_time = call_time or None
        set_contact(assessment, contact, signs)
    return assessment


def set_contact(assessment: Assessment, contact: Contact, signs: Collection[Sign] = ()) -> None:
    """Store the contact details of a finished, locked assessment, requalify it and announce the lead."""
    names = [*LEAD_FIELDS, "call_time"]
    if contact.email != assessment.email:
        if contact.email:
            consents.lock_address(contact.email)
        assessment.contact_choice = consents.contact_choice(contact.email, assessment.pk)
        names.append("contact_choice")
    for name, value in asdict(contact).items():
        setattr(assessment, name, value)
    assessment.doubts = merge_signs(assessment.doubts, *signs)
    assessment.requalify()
    assessment.save(update_fields=names)
    if assessment.lead_quality:
        lead_changed.send(Assessment, assessment=assessment)
