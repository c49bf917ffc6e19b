"""The JSON API under /api/assessment/, on the same services as the pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from ninja import File, Form, NinjaAPI, UploadedFile
from ninja.errors import HttpError
from ninja.security import APIKeyCookie

from assessments.errors import AssessmentNotFound, Incomplete, InvalidAnswers, InvalidInput, SessionExpired
from assessments.lifecycle import answer_validation, services
from assessments.lifecycle.address_proof import shows_details
from assessments.lifecycle.quick_save import save_at_once
from assessments.lifecycle.services import NO_CHOICE, ConsentChoice
from assessments.lifecycle.session_tokens import version_of
from assessments.lifecycle.submit import LastPart, submit_assessment
from assessments.lifecycle.uploads import add_upload
from assessments.models import Assessment, AssessmentSession, ConsentSource
from assessments.models.session import hash_token
from assessments.qualification import Contact
from assessments.web.api_errors import explain_errors
from assessments.web.bodies import ConsentBody, ProgressBody, StartBody, SubmitBody, contact_data
from assessments.web.contact_form import read_contact
from assessments.web.cookies import set_token
from assessments.web.documentation import Documentation
from assessments.web.questionnaires import default_key, is_live
from assessments.web.schemas import (
    ErrorOut,
    Output,
    ResultOut,
    StartOut,
    StateOut,
    UploadOut,
    open_state_out,
    result_out,
    start_json,
    state_out,
)
from assessments.web.starting import is_of, newer_version, start_session
from scorecard import versions
from scorecard.question_types.file_upload import upload_questions
from web import rate_limits
from web.client_address import client_hash
from web.csrf import renew_token, unmasked_token
from web.languages import current_language
from web.rate_limits import Allowance


def forbidden(request: HttpRequest) -> HttpResponseForbidden:
    return HttpResponseForbidden()


CSRF = CsrfViewMiddleware(forbidden)


class SessionCookie(APIKeyCookie):
    """The session token from its cookie. A POST must also carry the CSRF token that `start` gave."""

    param_name = settings.ASSESSMENT_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """The cookie of a request that is no forgery. Ninja makes the checking middleware anew each time."""
        request.csrf_processing_done = False  # type: ignore[attr-defined]  # of Django's own check
        if CSRF.process_view(request, forbidden, (), {}):
            raise HttpError(403, "CSRF check failed")
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> str:
        """The token; raises SessionExpired without one."""
        if not key:
            raise SessionExpired
        return key[:200]


class AssessmentAPI(NinjaAPI):
    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Ninja keeps the headers of an operation here; ours make their own responses."""
        return NO_RESPONSE


NO_RESPONSE = HttpResponse()
api = AssessmentAPI(
    title="Assessment API",
    version="1.0",
    description="Start an assessment, save answers, submit it and read the result.",
    urls_namespace="assessment-api",
    docs=Documentation(),
)
explain_errors(api)
session_cookie = SessionCookie()

ERRORS = dict.fromkeys((400, 401, 403, 404, 422, 429, 503), ErrorOut)


def require_json(request: HttpRequest) -> None:
    """Refuse other content types: a form on a foreign page cannot send JSON."""
    if request.content_type != "application/json":
        raise HttpError(415, "not JSON")


def session_state(
    request: HttpRequest, session: AssessmentSession, *, left: timedelta | None = None
) -> StateOut:
    """The state of a session; `left`: its remaining time, by default the full lifetime."""
    seconds = int((left or services.session_lifetime()).total_seconds())
    return state_out(session, expires_in=seconds, csrf_token=unmasked_token(request))


def reply(
    body: Output | str, *, token: str = "", allowance: Allowance | None = None, status: int = 200
) -> HttpResponse:
    """A JSON response, made without validating our own values again; extends the session of `token`."""
    text = body if isinstance(body, str) else body.model_dump_json(by_alias=True)
    response = HttpResponse(text, content_type="application/json; charset=utf-8", status=status)
    if token:
        set_token(response, token)
    if allowance:
        allowance.set_headers(response)
    return response


def consent_choice(body: ConsentBody | None, address: str | None) -> ConsentChoice:
    """The consents of a body; raises InvalidInput without an address they are for."""
    if body is None or not body.choices:
        return NO_CHOICE
    if not address:
        raise InvalidInput({"consents": "Consent needs an e-mail address in contact."})
    return ConsentChoice(body.choices, ConsentSource.API)


@api.post("/start", response={201: StartOut, **ERRORS}, by_alias=True, summary="Start an assessment")
def post_start(request: HttpRequest, body: StartBody) -> HttpResponse:
    """Opens a session, sets its cookie and answers with the questionnaire."""
    require_json(request)
    key = body.questionnaire or default_key()
    if body.questionnaire and not is_live(key):
        raise InvalidInput({"questionnaire": "There is no such questionnaire."})
    sent = body.model_dump(exclude={"questionnaire", "keep_answers"})
    before = session_to_leave(request, key) if body.keep_answers else None
    started, allowance = start_session(request, sent, visitor_number="", key=key, before=before)
    renew_token(request)  # the cookie lasts for a year
    state = session_state(request, started.session)
    text = start_json(state, started.version.id, current_language())
    return reply(text, token=started.token, allowance=allowance, status=201)


def session_to_leave(request: HttpRequest, key: str) -> AssessmentSession | None:
    """The open session of this client with an unfinished assessment of the questionnaire `key`."""
    try:
        session = services.open_session(request.COOKIES.get(settings.ASSESSMENT_COOKIE_NAME, "")[:200])
    except SessionExpired:
        return None
    is_finished = session.assessment.completed_at is not None
    return None if is_finished or not is_of(session, key) else session


@api.post(
    "/save-progress",
    auth=session_cookie,
    response={200: StateOut, **ERRORS},
    by_alias=True,
    summary="Save",
)
def post_progress(request: Any, body: ProgressBody) -> HttpResponse:
    """Adds answers to the session and extends it."""
    require_json(request)
    version_id = version_of(request.auth)
    allowance = rate_limits.enforce_limit("saves", hash_token(request.auth)) if version_id else None
    if version_id and (state := save_quickly(request, body, version_id)):
        return reply(state, token=request.auth, allowance=allowance)
    session = session_of(request.auth, body.assessment_id)
    allowance = allowance or rate_limits.enforce_limit("saves", session.pk)
    contact = read_contact(contact_data(body.contact))
    consent = consent_choice(body.consents, contact.get("email", session.email))
    services.save_progress(session, step=body.step, answers=body.responses, contact=contact, consent=consent)
    session.current_step = max(session.current_step, min(body.step, session.total_steps))
    return reply(session_state(request, session), token=request.auth, allowance=allowance)


def save_quickly(request: Any, body: ProgressBody, version_id: UUID) -> StateOut | None:
    """The state after a save in one statement; None, with nothing stored, where it takes more."""
    if body.contact or body.consents:
        return None
    saved = save_at_once(
        request.auth, version_id, assessment_id=body.assessment_id, step=body.step, answers=body.responses
    )
    if saved is None:
        return None
    seconds = int(services.session_lifetime().total_seconds())
    return open_state_out(saved, expires_in=seconds, csrf_token=unmasked_token(request))


@api.post(
    "/uploads",
    auth=session_cookie,
    response={201: UploadOut, **ERRORS},
    by_alias=True,
    summary="Upload a file",
)
def post_upload(
    request: Any, question: Annotated[str, Form(max_length=100)], file: Annotated[UploadedFile, File()]
) -> HttpResponse:
    """Stores one file, sent as multipart/form-data, for a question of type FILE_UPLOAD.

    Name it in `responses` within the hour, as `{"question": ["id"]}`; what no answer names is deleted.
    """
    session = services.open_session(request.auth)
    allowance = rate_limits.enforce_limit("saves", session.pk)
    stored = add_upload(session, question, name=file.name or "", size=file.size or 0, data=file.read())
    upload = UploadOut.model_validate(stored.as_answer())
    return reply(upload, token=request.auth, allowance=allowance, status=201)


@api.post(
    "/submit", auth=session_cookie, response={200: ResultOut, **ERRORS}, by_alias=True, summary="Submit"
)
def post_submit(request: Any, body: SubmitBody) -> HttpResponse:
    """Scores the answers. Submitting again answers with the same result and changes nothing."""
    require_json(request)
    contact = read_contact(contact_data(body.contact))
    session = session_of(request.auth, body.assessment_id)
    known = session.assessment if session.assessment.completed_at else session
    consent = consent_choice(body.consents, contact.get("email", known.email))
    if session.assessment.completed_at:
        assessment, allowance = submit_again(session, request.auth, body, contact, consent)
    else:
        last = LastPart(body.responses, contact, consent)
        assessment, allowance = submit_open(session, request.auth, last)
    return reply(result_out(assessment, current_language()), token=request.auth, allowance=allowance)


def session_of(token: str, assessment_id: UUID | None) -> AssessmentSession:
    """The open session; raises AssessmentNotFound if the body names another assessment than its own."""
    session = services.open_session(token)
    if assessment_id not in (None, session.assessment.id):
        raise AssessmentNotFound
    return session


def submit_open(session: AssessmentSession, token: str, last: LastPart) -> tuple[Assessment, Allowance]:
    """Submit with the last part; save it where the submit is refused. An incomplete one does not count."""
    definition = versions.get(session.assessment.version_id).definition
    checked = answer_validation.validate(definition, last.answers)
    if checked.problems:
        raise InvalidAnswers(checked.problems)
    missing = answer_validation.missing_answers(definition, checked.merged_into(session.responses))
    allowance = None if missing else rate_limits.count_action("submits", session.pk)
    takes_address_back = session.email and not last.contact.get("email", session.email)
    brings_any = bool(last.answers or last.contact or last.consent.purposes)
    is_refused = allowance is None or allowance.is_exceeded
    is_saved = brings_any and bool(is_refused or takes_address_back or upload_questions(definition))
    if is_saved:
        services.save_progress(
            session,
            step=session.total_steps,
            answers=last.answers,
            contact=last.contact,
            consent=last.consent,
        )
    if allowance is None:
        raise Incomplete(missing)
    allowance.require()
    if is_saved:
        return submit_assessment(token), allowance
    return submit_assessment(token, session=session, last=last), allowance


def submit_again(
    session: AssessmentSession,
    token: str,
    body: SubmitBody,
    contact: Mapping[str, str | None],
    consent: ConsentChoice,
) -> tuple[Assessment, Allowance]:
    """The result of a finished assessment; contact details and consents that are sent along are stored."""
    if body.responses or body.contact or body.consents:
        known = session.assessment.contact if shows_details(session) else Contact()
        services.update_contact(token, replace(known, **contact), consent)
    allowance = rate_limits.enforce_limit("submits", session.pk)
    return submit_assessment(token), allowance


@api.get(
    "/results/{uuid:assessment_id}",
    auth=session_cookie,
    response={200: ResultOut, **ERRORS},
    by_alias=True,
    summary="Result",
)
def get_results(request: Any, assessment_id: UUID) -> HttpResponse:
    """The result, for the holder of the session only."""
    allowance = rate_limits.enforce_limit("result_views", client_hash(request))
    session = services.open_result(request.auth, assessment_id)
    result = result_out(session.assessment, current_language())
    response = reply(result, token=request.auth, allowance=allowance)
    response["Cache-Control"] = "no-store"
    return response


@api.get("/resume", auth=session_cookie, response={200: StateOut, **ERRORS}, by_alias=True, summary="Resume")
def get_resume(request: Any) -> HttpResponse:
    """The progress of this session's assessment, with the answers given so far."""
    session = services.open_session(request.auth)
    state = session_state(request, session, left=session.expires_at - session.now)
    state.newer_version = not state.completed and newer_version(session) is not None
    response = reply(state)
    response["Cache-Control"] = "no-store"
    return response
