"""Turns every error of the API into one documented body: `{"error": {code, message, details, ...}}`."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from assessments.errors import (
    AlreadySubmitted,
    AssessmentNotFound,
    DetailsLocked,
    Incomplete,
    InvalidAnswers,
    InvalidInput,
    SessionExpired,
)
from assessments.lifecycle.uploads import UploadsUnavailable
from assessments.web.answer_words import problem_in_words
from web.rate_limits import TooManyRequests

Handler = Callable[[HttpRequest, Any], JsonResponse]

logger = logging.getLogger(__name__)

SECONDS_UNTIL_RETRY = 30
CSRF_WORDS = (
    "Send the csrfToken of this session in the header X-CSRFToken and, over HTTPS, the address of this site "
    "in the header Referer or Origin."
)


def error_response(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    details: Mapping[str, Any] | None = None,
    retry_after: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """The error body of docs/api.md; `retryAfter` in seconds, only where it means something."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "details": dict(details or {}),
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "requestId": request.META.get("REQUEST_ID", ""),
    }
    if retry_after is not None:
        error["retryAfter"] = retry_after
        headers = {"Retry-After": str(retry_after), **(headers or {})}
    return JsonResponse({"error": error}, status=status, headers=dict(headers or {}))


def session_expired(request: HttpRequest, error: SessionExpired) -> JsonResponse:
    return error_response(
        request, 401, "SESSION_EXPIRED", "There is no open session. Start a new assessment."
    )


def assessment_not_found(request: HttpRequest, error: Exception) -> JsonResponse:
    return error_response(
        request, 404, "ASSESSMENT_NOT_FOUND", "There is no such assessment for this session."
    )


def incomplete_response(request: HttpRequest, error: Incomplete) -> JsonResponse:
    return error_response(
        request,
        400,
        "ASSESSMENT_INCOMPLETE",
        f"{len(error.missing)} required questions have no answer yet.",
        details={"missing": list(error.missing)},
    )


def invalid_input(request: HttpRequest, error: InvalidInput) -> JsonResponse:
    return validation_error(request, error.problems)


def invalid_answers(request: HttpRequest, error: InvalidAnswers) -> JsonResponse:
    with translation.override(settings.LANGUAGE_CODE):
        away = [why for why in error.problems.values() if isinstance(why, UploadsUnavailable)]
        if away:
            return unavailable_response(request, away[0])
        return validation_error(request, {key: problem_in_words(why) for key, why in error.problems.items()})


def already_submitted(request: HttpRequest, error: AlreadySubmitted) -> JsonResponse:
    return validation_error(request, {"responses": "This assessment was submitted; its answers are final."})


def details_locked(request: HttpRequest, error: DetailsLocked) -> JsonResponse:
    return validation_error(
        request, {"contact": "These details were confirmed by e-mail, in another browser."}
    )


def malformed_response(request: HttpRequest, error: ValidationError) -> JsonResponse:
    """Wrong types, unknown or missing keys: by place. What was sent is not repeated."""
    problems = {
        ".".join(str(part) for part in found["loc"][2:] or found["loc"])[:200]: found["msg"]
        for found in error.errors
    }
    return validation_error(request, problems)


def validation_error(request: HttpRequest, problems: Mapping[str, str]) -> JsonResponse:
    message = "Some fields cannot be accepted."
    return error_response(request, 422, "VALIDATION_ERROR", message, details={"fields": dict(problems)})


def rate_limit_exceeded(request: HttpRequest, error: TooManyRequests) -> JsonResponse:
    return error_response(
        request,
        429,
        "RATE_LIMIT_EXCEEDED",
        f"Too many requests. Try again in {error.retry_after} seconds.",
        retry_after=error.retry_after,
        headers=error.headers,
    )


def framework_refusal(request: HttpRequest, error: HttpError) -> JsonResponse:
    """Errors raised by ninja: a missing CSRF token, a body that is not JSON."""
    if error.status_code == 403:
        return error_response(request, 403, "CSRF_FAILED", CSRF_WORDS)
    return error_response(
        request, 422, "VALIDATION_ERROR", "The body must be a JSON object, sent as application/json."
    )


def too_large(request: HttpRequest, error: SuspiciousOperation) -> JsonResponse:
    return validation_error(request, {"body": "This is larger than any request of this API."})


def unavailable_response(request: HttpRequest, error: Exception) -> JsonResponse:
    logger.error("The API could not answer", exc_info=error)
    return error_response(
        request,
        503,
        "SERVICE_UNAVAILABLE",
        "The service cannot answer right now. Nothing was lost; try again shortly.",
        retry_after=SECONDS_UNTIL_RETRY,
    )


def explain_errors(api: NinjaAPI) -> None:
    """Register the handlers."""
    handlers: dict[type[Exception], Handler] = {
        SessionExpired: session_expired,
        AssessmentNotFound: assessment_not_found,
        Http404: assessment_not_found,
        Incomplete: incomplete_response,
        InvalidInput: invalid_input,
        InvalidAnswers: invalid_answers,
        AlreadySubmitted: already_submitted,
        DetailsLocked: details_locked,
        ValidationError: malformed_response,
        TooManyRequests: rate_limit_exceeded,
        HttpError: framework_refusal,
        SuspiciousOperation: too_large,
        Exception: unavailable_response,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
