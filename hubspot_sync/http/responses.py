"""Interpret HubSpot's answers: an outcome per input, or one of three errors with a cause safe to store."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from hubspot_sync.http.errors import Misconfigured, NotAuthorised, NotFound, Rejected, Throttled, TryAgain

THROTTLE_SECONDS = 10.0  # HubSpot's rolling window, for a 429 without Retry-After

# These values are not a lead's, so no lead is at fault: the account lacks what hubspot_setup creates.
ACCOUNT_CAUSES = frozenset({"property_doesnt_exist", "invalid_option", "key_not_unique"})

# Another record holds a unique value that we sent: the address of a contact.
TAKEN_CAUSES = frozenset({"conflict", "object_already_exists", "http_409"})

GONE = "object_not_found"  # no record has that id: it was deleted or erased

# A 207 contains the code of a property only as JSON in its message, where quotes in a value are escaped.
PROPERTY_ERROR = re.compile(r'"error":\s*"([A-Z0-9_]+)"')
PROPERTY_NAME = re.compile(r'"name":\s*"([^"\\]*)"')
PROPERTY = re.compile(r"[a-z][a-z0-9_]{0,59}")
NON_UNIQUE_KEY = "Unable to perform update/upsert by non-unique"
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
RECORD_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
SCOPE = re.compile(r"[a-z]+(\.[a-z_-]+){1,4}")
NUMBER = re.compile(r"\d{1,9}(\.\d+)?")


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """The outcome of each input, by trace: the id of its record, or the cause of its rejection.

    An input in neither is missing from the answer, which happens, and must not count as a success. `created`
    are the traces whose record did not exist before.
    """

    ids: Mapping[str, str]
    refusals: Mapping[str, str]
    created: frozenset[str] = frozenset()


def json_object(response: requests.Response) -> dict[str, Any]:
    """The JSON object of a successful answer; raises TryAgain otherwise: the write may have happened."""
    if not response.content:
        return {}
    body = json_object_or_none(response)
    if body is None:
        raise TryAgain("unreadable_answer", correlation_of(response))
    return body


def json_object_or_none(response: requests.Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except (ValueError, RecursionError):  # no JSON, or JSON that only a stranger nests like that
        return None
    return body if isinstance(body, dict) else None


def json_objects(value: object) -> list[Mapping[str, Any]]:
    """The JSON objects of an untrusted list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def read_outcome(body: Mapping[str, Any], traces: Mapping[str, str] | None = None) -> BatchOutcome:
    """Match results and errors to inputs by trace, never by position: HubSpot returns them in any order.

    `traces` maps record ids to traces where inputs have an id: an error may name only that.
    """
    by_id = traces or {}
    written = {
        trace: result
        for result in json_objects(body.get("results"))
        if record_id(result.get("id"))
        and (trace := str(result.get("objectWriteTraceId") or by_id.get(str(result["id"]), "")))
    }
    refusals = {}
    for error in json_objects(body.get("errors")):
        named = [by_id.get(id, "") for id in context_of(error, "ids")]
        for trace in filter(None, context_of(error, "objectWriteTraceId") or named):
            refusals[trace] = cause_of(error)
    return BatchOutcome(
        ids={trace: str(result["id"]) for trace, result in written.items()},
        refusals=refusals,
        created=frozenset(trace for trace, result in written.items() if result.get("new") is True),
    )


def record_id(value: object) -> str:
    """An id of a record, or '' for anything that is none."""
    found = str(value) if isinstance(value, str | int) else ""
    return found if RECORD_ID.fullmatch(found) else ""


def confirmed_associations(body: Mapping[str, Any]) -> set[tuple[str, str]]:
    """(from id, to id) of every association that an answer confirms."""
    return {
        (associated_id(result, "from"), associated_id(result, "to"))
        for result in json_objects(body.get("results"))
    }


def associated_id(association: Mapping[str, Any], end: str) -> str:
    found = association.get(end)
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def context_of(error: Mapping[str, Any], name: str) -> list[str]:
    """One list from the context of an error."""
    context = error.get("context")
    found = context.get(name) if isinstance(context, dict) else None
    return [str(item) for item in found] if isinstance(found, list) else []


def error_of(response: requests.Response) -> TryAgain | Rejected | Misconfigured:
    """The error of a failed answer: docs/hubspot.md, "Causes".

    Only an error about the data itself is attributed to a row. Any other one, including a redirect, concerns
    every row: our address, our token or the API version.
    """
    correlation = correlation_of(response)
    status = response.status_code
    if status == 429:
        return Throttled("throttled", correlation, retry_after=retry_after(response) or THROTTLE_SECONDS)
    if status in (401, 403, 530):
        said = json_object_or_none(response) or {}
        cause = " ".join([f"not_authorised_{status}", *scopes_of(said)])
        return NotAuthorised(cause, correlation, from_hubspot=is_from_hubspot(said))
    if status in (408, 423, 477) or status >= 500:
        return TryAgain(f"http_{status}", correlation, retry_after=retry_after(response))
    if status == 404:
        return NotFound("http_404", correlation)
    if status not in (400, 409, 413, 414, 422):
        return Misconfigured(f"http_{status}", correlation)
    body = json_object_or_none(response)
    if body is None or not is_from_hubspot(body):
        return TryAgain("unreadable_answer", correlation, retry_after=retry_after(response))
    cause = cause_of(body)
    if cause_head(cause) in ACCOUNT_CAUSES:
        return Misconfigured(cause, correlation)
    return Rejected(cause or f"http_{status}", correlation)


def all_are_explained(body: Mapping[str, Any]) -> bool:
    """Whether the errors of a reading say of records that they do not exist, or cannot; and nothing else."""
    categories = [error.get("category") for error in json_objects(body.get("errors"))]
    return bool(categories) and set(categories) <= {"OBJECT_NOT_FOUND", "VALIDATION_ERROR"}


def is_from_hubspot(error: Mapping[str, Any]) -> bool:
    """Whether an error body has HubSpot's shape; a proxy in between answers with its own."""
    return error.get("status") == "error" and bool(error.get("category") or error.get("correlationId"))


def cause_of(error: Mapping[str, Any]) -> str:
    """The error code of a property with its name (`invalid_option lead_source`), otherwise the category."""
    message = str(error.get("message", ""))
    found = PROPERTY_ERROR.search(message)
    in_message = PROPERTY_NAME.findall(message[found.end() :])[:1] if found else []
    for detail in json_objects(error.get("errors")):
        if code := code_in(detail.get("code")):
            return with_property(code, *(context_of(detail, "propertyName") or in_message))
    if found:
        return with_property(code_in(found[1]), *in_message)
    if message.startswith(NON_UNIQUE_KEY):
        return "key_not_unique"
    return code_in(error.get("category"))


def with_property(code: str, *names: str) -> str:
    """The code with the property that it is about; an address error implies its property."""
    named = [name for name in names if PROPERTY.fullmatch(name)]
    return f"{code} {named[0]}" if code and named and code != "invalid_email" else code


def cause_head(cause: str) -> str:
    """The code of a cause, without the property or the scopes."""
    return cause.partition(" ")[0]


def scopes_of(error: Mapping[str, Any]) -> list[str]:
    """The scopes that our token lacks, as listed in a 403."""
    contexts = [detail.get("context") for detail in json_objects(error.get("errors"))]
    listed = [found.get("requiredGranularScopes") for found in json_objects(contexts)]
    names = [name for scopes in listed if isinstance(scopes, list) for name in scopes]
    return [name for name in names if isinstance(name, str) and SCOPE.fullmatch(name)]


def code_in(value: object) -> str:
    """A code in lower case; empty for anything else: a stored cause must not quote personal data."""
    return value.lower() if isinstance(value, str) and CODE.fullmatch(value) else ""


def correlation_of(response: requests.Response) -> str:
    return response.headers.get("X-HubSpot-Correlation-Id", "")[:64]


def retry_after(response: requests.Response) -> float | None:
    """`Retry-After` in seconds, at most a day; None when absent or neither a number nor a date."""
    text = response.headers.get("Retry-After", "")
    try:
        seconds = float(text) if NUMBER.fullmatch(text) else seconds_until(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), 86_400.0)


def seconds_until(moment: datetime) -> float:
    return (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()
