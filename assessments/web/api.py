"""The JSON API under /api/assessment/: the same moves as the pages, by the same services."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import NinjaAPI, Status
from ninja.errors import HttpError
from ninja.security import APIKeyCookie

from assessments.errors import InvalidInput, SessionExpired
from assessments.lifecycle import services
from assessments.lifecycle.services import NOTHING_SAID, Said
from assessments.lifecycle.visitors import UTM_FIELDS, visitor_of
from assessments.models import AssessmentSession, Source
from assessments.qualification import Contact
from assessments.web.api_errors import explain_errors
from assessments.web.contact_form import read_contact
from assessments.web.cookies import set_token
from assessments.web.pages.ab_test import variants_of
from assessments.web.schemas import (
    ConsentBody,
    ErrorAnswer,
    ProgressBody,
    ResultAnswer,
    StartAnswer,
    StartBody,
    StateAnswer,
    SubmitBody,
    asked_answer,
    contact_data,
    questionnaire_answer,
    result_answer,
    state_answer,
)
from scorecard import versions
from web import rate_limits
from web.client_address import address_hash
from web.languages import spoken


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

ERRORS = dict.fromkeys((400, 401, 403, 404, 422, 429, 503), ErrorAnswer)


def require_json(request: HttpRequest) -> None:
    """A form of a foreign page can send text, not JSON: this alone stops it."""
    if request.content_type != "application/json":
        raise HttpError(415, "not JSON")


def state(request: HttpRequest, session: AssessmentSession, *, left: timedelta | None = None) -> StateAnswer:
    """Where the session stands; `left` of its time, or all of it after a save."""
    seconds = int((left or services.session_lifetime()).total_seconds())
    return state_answer(session, expires_in=seconds, csrf_token=get_token(request))


def said_of(body: ConsentBody | None, address: str | None) -> Said:
    """What was agreed to; raises InvalidInput when nobody knows by whom."""
    if body is None or not body.said:
        return NOTHING_SAID
    if not address:
        raise InvalidInput({"consents": "Consent needs an e-mail address in contact."})
    return Said(body.said, Source.API)


@api.post("/start", response={201: StartAnswer, **ERRORS}, by_alias=True, summary="Start an assessment")
def start(request: HttpRequest, response: HttpResponse, body: StartBody) -> Status[StartAnswer]:
    """Opens a session, sets its cookie and answers with the questionnaire."""
    require_json(request)
    client = address_hash(request)
    allowance = rate_limits.spend("starts", client)
    version = versions.current(settings.DEFAULT_QUESTIONNAIRE)
    sent = body.dict()
    visitor = visitor_of(
        request.headers,
        parameters={name: sent[name] for name in UTM_FIELDS},
        referrer=body.referrer,
        address_hash=client,
        variants=variants_of(""),
    )
    started = services.start(version, visitor)
    set_token(response, started.token)
    allowance.tell(response)
    opened = state(request, started.session)
    questionnaire = questionnaire_answer(version.in_language(spoken()))
    answer = StartAnswer(**opened.dict(), questionnaire=questionnaire, consents=asked_answer())
    return Status(201, answer)


@api.post(
    "/save-progress",
    auth=session_cookie,
    response={200: StateAnswer, **ERRORS},
    by_alias=True,
    summary="Save",
)
def save_progress(request: Any, response: HttpResponse, body: ProgressBody) -> StateAnswer:
    """Adds answers to the session; the time of the session starts anew."""
    require_json(request)
    session = services.open_session(request.auth)
    allowance = rate_limits.spend("saves", session.pk)
    contact = read_contact(contact_data(body.contact))
    said = said_of(body.consents, contact.email or session.email)
    services.save_progress(session, step=body.step, answers=body.responses, contact=contact, said=said)
    session.current_step = max(session.current_step, min(body.step, session.total_steps))
    set_token(response, request.auth)
    allowance.tell(response)
    return state(request, session)


@api.post(
    "/submit", auth=session_cookie, response={200: ResultAnswer, **ERRORS}, by_alias=True, summary="Submit"
)
def submit(request: Any, response: HttpResponse, body: SubmitBody) -> ResultAnswer:
    """Scores the answers. Submitting again answers with the same result and changes nothing."""
    require_json(request)
    allowance = rate_limits.spend("submits", address_hash(request))
    contact = read_contact(contact_data(body.contact))
    if body.responses or body.contact or body.consents:
        save_last(services.open_session(request.auth), request.auth, body, contact)
    assessment = services.submit(request.auth)
    set_token(response, request.auth)
    allowance.tell(response)
    return result_answer(assessment, spoken())


def save_last(session: AssessmentSession, token: str, body: SubmitBody, contact: Contact) -> None:
    """What came along with a submit: answers of an open run, contact details and consents of any."""
    known = session.assessment if session.assessment.completed_at else session
    said = said_of(body.consents, contact.email or known.email)
    if session.assessment.completed_at:
        given = {name: value for name, value in asdict(contact).items() if value}
        services.update_contact(token, replace(session.assessment.contact, **given), said)
    else:
        services.save_progress(
            session, step=session.total_steps, answers=body.responses, contact=contact, said=said
        )


@api.get(
    "/results/{uuid:assessment_id}",
    auth=session_cookie,
    response={200: ResultAnswer, **ERRORS},
    by_alias=True,
    summary="Result",
)
def results(request: Any, response: HttpResponse, assessment_id: UUID) -> ResultAnswer:
    """The result, for the holder of the session only."""
    allowance = rate_limits.spend("result_views", address_hash(request))
    session = services.open_result(request.auth, assessment_id)
    set_token(response, request.auth)
    allowance.tell(response)
    response["Cache-Control"] = "no-store"
    return result_answer(session.assessment, spoken())


@api.get(
    "/resume", auth=session_cookie, response={200: StateAnswer, **ERRORS}, by_alias=True, summary="Resume"
)
def resume(request: Any, response: HttpResponse) -> StateAnswer:
    """Where the run of this session stands, with the answers given so far."""
    session = services.open_session(request.auth)
    response["Cache-Control"] = "no-store"
    return state(request, session, left=session.expires_at - session.now)
