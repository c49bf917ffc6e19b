"""The HTTP client for HubSpot, and the only module that calls it. Facts: docs/hubspot.md."""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings
from requests.auth import AuthBase
from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema
from requests.utils import check_header_validity

from hubspot_sync.http.account import DETAILS, UNKNOWN_ACCOUNT, AccountDetails, read_account
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.errors import HubSpotError, Misconfigured, NotAuthorised, NotFound, TryAgain
from hubspot_sync.http.limiter import limiter
from hubspot_sync.http.rate_headers import RateHeaders, read_rate_headers
from hubspot_sync.http.records import (
    HubSpotRecord,
    RecordPage,
    explicit_results,
    names_of,
    read_associations,
    read_page,
    read_records,
)
from hubspot_sync.http.responses import (
    BatchOutcome,
    all_are_explained,
    confirmed_associations,
    correlation_of,
    error_of,
    json_object,
    json_objects,
    read_outcome,
)
from monitoring.timings import timings
from monitoring.tracing import span

NOTHING_TO_SAY = 204  # No Content
TIMEOUT = (5, 30)  # seconds to connect, to read; a slower batch is retried

# Seconds to wait for a slot. Before a batch has begun the wait is short, to free the worker. A batch put back
# halfway is retried in parts, so it waits longer than a window of the limiter: a small part of its lease.
FIRST_PATIENCE = 2.0
PATIENCE = 15.0

KNOWN_ACCOUNTS: dict[tuple[str, str], AccountDetails] = {}  # by base URL and token, in this process
KNOWN_PROPERTIES: set[tuple[str, str, str, str]] = set()  # with kind and name

BAD_SETTINGS = (InvalidHeader, InvalidSchema, InvalidURL, MissingSchema)


@dataclass(frozen=True, slots=True)
class BatchInput:
    """One record to write, found by `id` and correlated by `trace`.

    `id` is the value of `id_property`, or the record's id if that is empty.
    """

    trace: str
    id: str
    id_property: str
    properties: Mapping[str, str]

    @property
    def body(self) -> dict[str, object]:
        identified = {"idProperty": self.id_property} if self.id_property else {}
        return {
            "id": self.id,
            **identified,
            "objectWriteTraceId": self.trace,
            "properties": dict(self.properties),
        }


@dataclass(frozen=True, slots=True)
class BearerToken(AuthBase):
    """Our token on each request; without an auth object, requests would send a password from ~/.netrc."""

    token: str = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        check_header_validity(("Authorization", request.headers["Authorization"]))
        return request


def is_loopback(url: str) -> bool:
    """Whether the URL is on this machine: then no proxy of the environment (HTTP_PROXY) may be used."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class HubSpotClient:
    """A client for one account. Raises only TryAgain, Rejected or Misconfigured."""

    def __init__(self, base_url: str, token: str, *, version: str) -> None:
        self._base_url = base_url
        self._token = token
        self._version = version
        self.patience = FIRST_PATIENCE
        self.correlation_id = ""  # of the last answer, for HubSpot's support
        self._status = 0  # of the last answer
        self._http = requests.Session()
        self._http.auth = BearerToken(token)
        self._http.trust_env = not is_loopback(base_url)

    def close(self) -> None:
        self._http.close()

    def upsert(self, kind: str, inputs: Iterable[BatchInput]) -> BatchOutcome:
        """Create or update up to 100 records of a kind (`contacts`, `deals`) in one call.

        Every input carries its trace, so a bad one fails alone. Idempotent.
        """
        inputs = list(inputs)
        body = {"inputs": [item.body for item in inputs]}
        answer = self.call("POST", self.path("objects", f"{kind}/batch/upsert"), body)
        return self.answered(inputs, read_outcome(answer))

    def update(self, kind: str, inputs: Sequence[BatchInput]) -> BatchOutcome:
        """Update up to 100 existing records by id. Idempotent.

        A merged record answers with its survivor's id; one that is gone is rejected.
        """
        body = {"inputs": [item.body for item in inputs]}
        answer = self.call("POST", self.path("objects", f"{kind}/batch/update"), body)
        return self.answered(inputs, read_outcome(answer, {item.id: item.trace for item in inputs}))

    def answered(self, inputs: Sequence[BatchInput], outcome: BatchOutcome) -> BatchOutcome:
        """The outcome of a batch; raises TryAgain when the answer mentions no input: it is not HubSpot's."""
        traces = {item.trace for item in inputs}
        if traces and traces.isdisjoint({*outcome.ids, *outcome.refusals}):
            raise self._outage("unreadable_answer")
        return outcome

    def read(
        self, kind: str, ids: Collection[str], properties: Collection[str], *, id_property: str = ""
    ) -> list[HubSpotRecord]:
        """Read up to 100 records and return those that exist; a merged one as its survivor, with that id.

        Raises TryAgain when a record is missing and no error of HubSpot's says that it does not exist: who is
        taken for unknown may be overwritten.
        """
        identified = {"idProperty": id_property} if id_property else {}
        body = {"properties": list(properties), "inputs": [{"id": id} for id in ids], **identified}
        answer = self.call("POST", self.path("objects", f"{kind}/batch/read"), body)
        found = read_records(answer)
        if len(explicit_results(answer)) < len(set(ids)) and not all_are_explained(answer):
            known = {name for record in found for name in names_of(record, id_property)}
            if not {id.lower() if id_property else id for id in ids} <= known:
                raise self._outage("unreadable_answer")
        return found

    def page(self, kind: str, properties: Collection[str], *, after: str = "") -> RecordPage:
        """The next page: a hundred records of the account."""
        query = {"limit": "100", "properties": ",".join(properties)} | ({"after": after} if after else {})
        return read_page(self.call("GET", self.path("objects", f"{kind}?{urlencode(query)}")))

    def archive(self, kind: str, ids: Collection[str]) -> None:
        """Archive records; they can be restored for 90 days. Unknown ids are ignored."""
        self.command(self.path("objects", f"{kind}/batch/archive"), {"inputs": [{"id": id} for id in ids]})

    def erase_contact(self, *, id: str = "", address: str = "") -> None:
        """Erase a contact permanently (GDPR), by its id or its address. Idempotent."""
        by_address = {"objectId": address, "idProperty": "email"}
        body = {"objectId": id} if id else by_address
        try:
            self.command(self.path("objects", "contacts/gdpr-delete"), body)
        except NotFound:
            # Gone, or a wrong base URL? In that case this is not found either, and nothing counts as erased.
            if self.read("contacts", [id or address], ["email"], id_property="" if id else "email"):
                raise

    def links(self, deals: Collection[str]) -> set[tuple[str, str]]:
        """(deal id, contact id) of every association of these deals, at most a thousand."""
        body = {"inputs": [{"id": deal} for deal in deals]}
        return read_associations(
            self.call("POST", self.path("associations", "deals/contacts/batch/read"), body)
        )

    def associate(self, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Associate deals with contacts, (deal id, contact id) each, in one call. Idempotent.

        Returns the pairs that HubSpot confirms: a missing one has failed, as with records.
        """
        body = {"inputs": [{"from": {"id": deal}, "to": {"id": contact}} for deal, contact in pairs]}
        answer = self.call("POST", self.path("associations", "deals/contacts/batch/associate/default"), body)
        linked = confirmed_associations(answer)
        confirmed = {pair for pair in pairs if pair in linked or pair[::-1] in linked}
        if not confirmed and not json_objects(answer.get("errors")):
            raise self._outage("unreadable_answer")
        return confirmed

    def command(self, path: str, body: Mapping[str, Any]) -> None:
        """POST what HubSpot confirms with 204 and no body; any other success is not its answer: TryAgain."""
        self.call("POST", path, body)
        if self._status != NOTHING_TO_SAY:
            raise self._outage("unreadable_answer")

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Make one request; returns the JSON object of its answer, {} when it is empty.

        While HubSpot only throttles, the request is repeated for up to `patience` seconds.
        """
        try:
            answer = self._answer(method, path, body)
        except HubSpotError as error:
            breaker().failed(error)
            raise
        breaker().answered()
        return answer

    def account(self) -> AccountDetails:
        """The account that the token opens; read once per process and token."""
        key = (self._base_url, self._token)
        if key not in KNOWN_ACCOUNTS:
            KNOWN_ACCOUNTS[key] = self._read_account()
        return KNOWN_ACCOUNTS[key]

    def check_token(self) -> None:
        """Read the account anew, and close the circuit. Raises NotAuthorised while the token is refused."""
        KNOWN_ACCOUNTS[self._base_url, self._token] = self._read_account()
        breaker().answered()

    def _read_account(self) -> AccountDetails:
        try:
            account = read_account(self._answer("GET", DETAILS))
        except NotAuthorised as error:
            if error.lacks_scope:
                return UNKNOWN_ACCOUNT  # the token may not read it: all ids are of one unknown account
            breaker().failed(error)
            raise
        except HubSpotError as error:
            breaker().failed(error)
            raise
        if account is None:
            raise self._outage("unreadable_answer")
        return account

    def property(self, kind: str, name: str) -> dict[str, Any]:
        """The definition of a property. Raises NotFound."""
        found = self.call("GET", self.path("properties", f"{kind}/{name}"))
        if found.get("name") != name:
            raise self._outage("unreadable_answer")
        return found

    def deal_pipelines(self) -> dict[str, list[str]]:
        """The ids of the stages of each pipeline of deals, by its id."""
        found = explicit_results(self.call("GET", self.path("pipelines", "deals")))
        return {
            str(pipeline.get("id")): [str(stage.get("id")) for stage in json_objects(pipeline.get("stages"))]
            for pipeline in found
        }

    def has_property(self, kind: str, name: str) -> bool:
        """Whether the account has this property; once found, this process does not ask again."""
        key = (self._base_url, self._token, kind, name)
        if key not in KNOWN_PROPERTIES:
            try:
                self.property(kind, name)
            except NotFound:
                return False
            KNOWN_PROPERTIES.add(key)
        return True

    def _outage(self, cause: str) -> TryAgain:
        """Count an outage: HubSpot, or a proxy in front of it, fails."""
        error = TryAgain(cause, self.correlation_id)
        breaker().failed(error)
        return error

    def _answer(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        patient_until = time.monotonic() + self.patience
        response = self._send(method, path, body, patience=self.patience)
        while response.status_code == 429 and (patience := patient_until - time.monotonic()) > 0:
            response = self._send(method, path, body, patience=patience)
        self._status = response.status_code
        if 200 <= response.status_code < 300:
            return json_object(response)
        raise error_of(response)

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, *, patience: float
    ) -> requests.Response:
        slot, headers = limiter().take(path, patience=patience), RateHeaders()
        begun, outcome = time.perf_counter(), "failed"
        try:
            with span(f"HubSpot {method}"):
                response = self._http.request(
                    method, f"{self._base_url}{path}", json=body, timeout=TIMEOUT, allow_redirects=False
                )
            outcome = f"{response.status_code // 100}xx"
            headers = read_rate_headers(response)
        except BAD_SETTINGS as error:
            raise Misconfigured("bad_base_url_or_token") from error
        except requests.RequestException as error:
            raise TryAgain("hubspot_unreachable") from error
        else:
            self.correlation_id = correlation_of(response)
            return response
        finally:
            limiter().answered(slot, headers)
            timings.observe("hubspot_call", f"{method},{outcome}", time.perf_counter() - begun)

    def path(self, area: str, rest: str) -> str:
        """The path of an area (`objects`, `associations`, `properties`, `pipelines`) in our API version."""
        if self._version == "v3":
            return f"/crm/{'v4' if area == 'associations' else 'v3'}/{area}/{rest}"
        return f"/crm/{area}/{self._version}/{rest}"


@contextmanager
def open_client() -> Iterator[HubSpotClient]:
    """A client for the account in the settings, closed on exit."""
    client = HubSpotClient(
        settings.HUBSPOT_BASE_URL, settings.HUBSPOT_TOKEN, version=settings.HUBSPOT_API_VERSION
    )
    with closing(client):
        yield client
