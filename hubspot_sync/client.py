"""The only place that speaks HTTP to HubSpot. Facts: docs/hubspot.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from hubspot_sync.errors import Misconfigured, Rejected, TryAgain

TIMEOUT = (5, 30)  # seconds to connect, to read; a batch that takes longer is tried again
THROTTLE_SECONDS = 10.0  # HubSpot's rolling window, for a 429 that names no time


@dataclass(frozen=True, slots=True)
class BatchInput:
    """One record to write: found by `id` (the value of `id_property`), told apart by `trace`."""

    trace: str
    id: str
    id_property: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """What became of each input, by trace: the id of its record, or the cause of its refusal.

    An input in neither was lost on the way: HubSpot does that, so nobody may assume success.
    """

    ids: Mapping[str, str]
    refusals: Mapping[str, str]


class HubSpotClient:
    """One account. Raises TryAgain, Rejected or Misconfigured and nothing else."""

    def __init__(self, base_url: str, token: str, *, version: str) -> None:
        self._base_url = base_url
        self._version = version
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._http.close()

    def upsert(self, kind: str, inputs: Iterable[BatchInput]) -> BatchOutcome:
        """Create or update up to 100 records of a kind (`contacts`, `deals`) in one call.

        Every input carries its trace, so a bad one fails alone; repeating the call is safe.
        """
        body = {
            "inputs": [
                {
                    "id": item.id,
                    "idProperty": item.id_property,
                    "objectWriteTraceId": item.trace,
                    "properties": dict(item.properties),
                }
                for item in inputs
            ]
        }
        return read_outcome(self.call("POST", f"{self._objects(kind)}/batch/upsert", body))

    def associate(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Link deals to contacts, (deal id, contact id) each, in one call; repeating it changes nothing."""
        body = {"inputs": [{"from": {"id": deal}, "to": {"id": contact}} for deal, contact in pairs]}
        answer = self.call("POST", self._associations("deals/contacts/batch/associate/default"), body)
        if answer.get("errors"):
            raise Rejected("association_refused")

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request; the JSON object of its answer, {} when there is none."""
        try:
            response = self._http.request(
                method, f"{self._base_url}{path}", json=body, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            raise TryAgain("hubspot_unreachable") from error
        if response.ok:
            return json_object(response)
        raise error_of(response)

    def _objects(self, kind: str) -> str:
        return f"/crm/v3/objects/{kind}" if self._version == "v3" else f"/crm/objects/{self._version}/{kind}"

    def _associations(self, path: str) -> str:
        version = "v4" if self._version == "v3" else self._version
        return f"/crm/v4/associations/{path}" if version == "v4" else f"/crm/associations/{version}/{path}"


def json_object(response: requests.Response) -> dict[str, Any]:
    """The body of a good answer; raises TryAgain when it is no JSON object: the write may have happened."""
    if not response.content:
        return {}
    try:
        body = response.json()
    except requests.JSONDecodeError as error:
        raise TryAgain("unreadable_answer", correlation_of(response)) from error
    if not isinstance(body, dict):
        raise TryAgain("unreadable_answer", correlation_of(response))
    return body


def read_outcome(body: Mapping[str, Any]) -> BatchOutcome:
    """Match results and errors to inputs by trace, never by position: HubSpot shuffles them."""
    ids = {
        result["objectWriteTraceId"]: str(result["id"])
        for result in body.get("results", ())
        if result.get("objectWriteTraceId")
    }
    refusals = {
        trace: cause_of(error)
        for error in body.get("errors", ())
        for trace in error.get("context", {}).get("objectWriteTraceId", ())
    }
    return BatchOutcome(ids=ids, refusals=refusals)


def error_of(response: requests.Response) -> TryAgain | Rejected | Misconfigured:
    """The error of a bad answer: hubspot.md section 3, the last table."""
    correlation = correlation_of(response)
    status = response.status_code
    if status == 429:
        return TryAgain("throttled", correlation, retry_after=seconds_to_wait(response))
    if status in (401, 403, 530):
        return Misconfigured(f"not_authorised_{status}", correlation)
    if status in (408, 423, 477) or status >= 500:
        return TryAgain(f"http_{status}", correlation, retry_after=retry_after(response))
    cause = cause_of(error_body(response))
    if cause in ("property_doesnt_exist", "unable_to_perform"):
        return Misconfigured(cause, correlation)
    return Rejected(cause or f"http_{status}", correlation)


def cause_of(error: Mapping[str, Any]) -> str:
    """The property code if there is one (`invalid_email`), else the category, as a code of ours."""
    for detail in error.get("errors") or ():
        if code := detail.get("code"):
            return str(code).lower()[:100]
    message = str(error.get("message", ""))
    for code in PROPERTY_CODES:
        if f'"{code}"' in message:
            return code.lower()
    return str(error.get("category", "")).lower()[:100]


# Codes that a 207 carries only inside its message.
PROPERTY_CODES = (
    "PROPERTY_DOESNT_EXIST",
    "INVALID_EMAIL",
    "INVALID_OPTION",
    "INVALID_LONG",
    "INVALID_INTEGER",
    "INVALID_DATE",
)


def error_body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def correlation_of(response: requests.Response) -> str:
    return response.headers.get("X-HubSpot-Correlation-Id", "")[:64]


def seconds_to_wait(response: requests.Response) -> float:
    return retry_after(response) or THROTTLE_SECONDS


def retry_after(response: requests.Response) -> float | None:
    """`Retry-After` in seconds, at most a day; None when absent or no number."""
    try:
        return min(max(float(response.headers.get("Retry-After", "")), 0.0), 86_400.0)
    except ValueError:
        return None
