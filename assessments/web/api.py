"""The JSON API under /api/assessment/, on the same services as the pages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import File, Form, NinjaAPI, UploadedFile
from ninja.errors import HttpError
from ninja.security import APIKeyCookie

from assessments.errors import AssessmentNotFound, Incomplete, InvalidInput, SessionExpired
from assessments.lifecycle import answer_validation, services
from assessments.lifecycle.address_proof import shows_details
from assessments.lifecycle.services import NO_CHOICE, ConsentChoice
from assessments.lifecycle.uploads import add_upload
from assessments.models import AssessmentSession, ConsentSource
from assessments.qualification import Contact
from assessments.web.api_errors import explain_errors
from assessments.web.contact_form import read_contact
from assessments.web.cookies import set_token
from assessments.web.questionnaires import default_key, is_live
from assessments.web.schemas import (
    ConsentBody,
    ErrorOut,
    Output,
    ProgressBody,
    ResultOut,
    StartBody,
    StartOut,
    StateOut,
    SubmitBody,
    UploadOut,
    contact_data,
    result_out,
    start_json,
    state_out,
)
from assessments.web.starting import start_session
from scorecard import versions
from web import rate_limits
from web.client_address import client_hash
from web.languages import current_language
from web.rate_limits import Allowance


class SessionCookie(APIKeyCookie):
    """The session token from its cookie. A POST must also carry the CSRF token that `start` gave."""

    param_name = settings.ASSESSMENT_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> str:
        """The token; raises SessionExpired without one."""
        if not key:
            raise SessionExpired
        return key[:200]


api = NinjaAPI(
    title="Assessment API",
    version="1.0",
    description="Start an assessment, save answers, submit it and read the result.",
    urls_namespace="assessment-api",
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
    return state_out(session, expires_in=seconds, csrf_token=get_token(request))


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
    sent = body.dict(exclude={"questionnaire"})
    started, allowance = start_session(request, sent, visitor_number="", key=key)
    state = session_state(request, started.session)
    text = start_json(state, started.version.id, current_language())
    return reply(text, token=started.token, allowance=allowance, status=201)


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
    session = session_of(request.auth, body.assessment_id)
    allowance = rate_limits.enforce_limit("saves", session.pk)
    contact = read_contact(contact_data(body.contact))
    consent = consent_choice(body.consents, contact.get("email", session.email))
    services.save_progress(session, step=body.step, answers=body.responses, contact=contact, consent=consent)
    session.current_step = max(session.current_step, min(body.step, session.total_steps))
    return reply(session_state(request, session), token=request.auth, allowance=allowance)


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
    if body.responses or body.contact or body.consents:
        save_with_submit(session, request.auth, body, contact)
    require_complete(session)
    allowance = rate_limits.enforce_limit("submits", session.pk)
    assessment = services.submit_assessment(request.auth)
    return reply(result_out(assessment, current_language()), token=request.auth, allowance=allowance)


def session_of(token: str, assessment_id: UUID | None) -> AssessmentSession:
    """The open session; raises AssessmentNotFound if the body names another assessment than its own."""
    session = services.open_session(token)
    if assessment_id not in (None, session.assessment.id):
        raise AssessmentNotFound
    return session


def save_with_submit(
    session: AssessmentSession, token: str, body: SubmitBody, contact: Mapping[str, str | None]
) -> None:
    """Save what a submit contains: answers of an open assessment, contact details and consents of any."""
    is_open = not session.assessment.completed_at
    known = session if is_open else session.assessment
    consent = consent_choice(body.consents, contact.get("email", known.email))
    if is_open:
        services.save_progress(
            session, step=session.total_steps, answers=body.responses, contact=contact, consent=consent
        )
    else:
        known_contact = session.assessment.contact if shows_details(session) else Contact()
        services.update_contact(token, replace(known_contact, **contact), consent)


def require_complete(session: AssessmentSession) -> None:
    """Raise Incomplete while required questions have no answer: such a submit does not count."""
    if session.assessment.completed_at:
        return
    definition = versions.get(session.assessment.version_id).definition
    if missing := answer_validation.missing_answers(definition, session.responses):
        raise Incomplete(missing)


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
    response = reply(session_state(request, session, left=session.expires_at - session.now))
    response["Cache-Control"] = "no-store"
    return response
