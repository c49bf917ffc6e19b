"""HubSpot's errors: status, body and headers.

A body marked `invented` has never been seen from HubSpot: its status class is our best guess and its text is
ours, so the answer carries `X-Simulator-Invented: true` and nothing may depend on its wording.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hubspot_simulator.wire.messages import Answer, Json

INVENTED = "X-Simulator-Invented"
SCOPES_PAGE = "https://developers.hubspot.com/scopes"


@dataclass(frozen=True, slots=True)
class Problem:
    """One property value that HubSpot rejects."""

    name: str
    code: str
    message: str


class Refusal(Exception):
    """A refused call, or one refused input of a batch.

    `conflict` marks a violation of a unique value; `existing_id` is its owner, which a batch names.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        category: str | None = None,
        context: Mapping[str, Sequence[str]] | None = None,
        extra: Json | None = None,
        headers: Mapping[str, str] | None = None,
        conflict: bool = False,
        existing_id: str | None = None,
        invented: bool = False,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.category = category
        self.context = dict(context or {})
        self.extra = dict(extra or {})
        self.headers = dict(headers or {})
        self.conflict = conflict
        self.existing_id = existing_id
        self.invented = invented

    def answer(self, correlation_id: str) -> Answer:
        body: Json = {"status": "error", "message": self.message, "correlationId": correlation_id}
        if self.context:
            body["context"] = self.context
        body |= self.extra
        if self.category:
            body["category"] = self.category
        invented = {INVENTED: "true"} if self.invented else {}
        return Answer(self.status, body, headers=self.headers | invented)

    def batch_error(self, context: Mapping[str, Sequence[str]]) -> Json:
        """The same refusal as one entry of a 207's `errors`, which has no `errors` or `links` of its own."""
        existing = {"existingId": [self.existing_id]} if self.existing_id else {}
        return {
            "status": "error",
            "category": self.category or "VALIDATION_ERROR",
            "message": self.message,
            "context": self.context | existing | dict(context),
        }

    def for_all(self) -> "Refusal":
        """The 409 that fails the whole batch."""
        return Refusal(409, self.message, category="CONFLICT", invented=self.invented)


def validation(
    message: str,
    *,
    context: Mapping[str, Sequence[str]] | None = None,
    conflict: bool = False,
    invented: bool = False,
) -> Refusal:
    return Refusal(
        400, message, category="VALIDATION_ERROR", context=context, conflict=conflict, invented=invented
    )


def bad_properties(problems: Sequence[Problem]) -> Refusal:
    """All bad values of one record: as JSON inside the message, and as `errors`."""
    details = [
        {
            "isValid": False,
            "message": problem.message,
            "error": problem.code,
            "name": problem.name,
            "localizedErrorMessage": problem.message,
            "portalId": 1,
        }
        for problem in problems
    ]
    errors = [
        {"message": problem.message, "code": problem.code, "context": {"propertyName": [problem.name]}}
        for problem in problems
    ]
    message = f"Property values were not valid: {json.dumps(details, separators=(',', ':'))}"
    return Refusal(400, message, category="VALIDATION_ERROR", extra={"errors": errors})


def bad_json(message: str) -> Refusal:
    return Refusal(400, f"Invalid input JSON on {message}")


def no_body() -> Refusal:
    return Refusal(400, "Invalid JSON input: a request body was expected, but none found")


def not_found() -> Refusal:
    return Refusal(404, "resource not found", headers={"X-HubSpot-NotFound": "true"})


def wrong_method() -> Refusal:
    return Refusal(405, "Method not allowed", invented=True)


def unauthenticated() -> Refusal:
    return Refusal(
        401,
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find "
        "more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        category="INVALID_AUTHENTICATION",
    )


def missing_scopes(scopes: Sequence[str]) -> Refusal:
    error = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": list(scopes)},
    }
    return Refusal(
        403,
        "This app hasn't been granted all required scopes to make this call. "
        f"Read more about required scopes here: {SCOPES_PAGE}.",
        category="MISSING_SCOPES",
        extra={"errors": [error], "links": {"scopes": SCOPES_PAGE}},
    )


def rate_limited(name: str, policy: str) -> Refusal:
    extra: Json = {"errorType": "RATE_LIMIT", "policyName": policy, "groupName": "publicapi:private-apps"}
    return Refusal(429, f"You have reached your {name} limit.", extra=extra)


def failure(status: int, seconds: int = 0) -> Refusal:
    """An injected failure. Only 429 has a known body; 477 says in `seconds` when to retry."""
    if status == 429:
        return rate_limited("ten_secondly_rolling", "TEN_SECONDLY_ROLLING")
    messages = {
        423: "The resource is locked",
        477: "The account is being migrated",
        500: "internal error",
        503: "Service temporarily unavailable",
    }
    headers = {"Retry-After": str(seconds)} if status == 477 else {}
    return Refusal(status, messages.get(status, "A rehearsed failure"), headers=headers, invented=True)


def contact_exists(existing_id: str) -> Refusal:
    return Refusal(
        409,
        f"Contact already exists. Existing ID: {existing_id}",
        category="CONFLICT",
        conflict=True,
        existing_id=existing_id,
    )
