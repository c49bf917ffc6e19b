"""Every answer that HubSpot, or what stands before it, may give: its error and a cause safe to keep."""

import gzip
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from hubspot_sync.http import client as client_module
from hubspot_sync.http.client import BatchInput, HubSpotClient
from hubspot_sync.http.errors import (
    HubSpotError,
    Misconfigured,
    NotAuthorised,
    NotFound,
    Rejected,
    Throttled,
    TryAgain,
)
from hubspot_sync.http.rate_headers import read_rate_headers
from hubspot_sync.http.responses import THROTTLE_SECONDS
from hubspot_sync.tests.conftest import CONTACTS, TOKEN, Account

ADDRESS = "ada@engines.example"
ROW = BatchInput("row-1", ADDRESS, "email", {"firstname": "Ada"})


@dataclass
class Script:
    """What the server answers to every request, and how many it got."""

    url: str
    status: int = 200
    body: str | bytes = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    requests: int = 0
    authorization: str | None = None  # of the last request


@pytest.fixture
def script() -> Iterator[Script]:
    played = Script("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            played.requests += 1
            played.authorization = self.headers["Authorization"]
            self.rfile.read(int(self.headers["Content-Length"]))
            body = played.body.encode() if isinstance(played.body, str) else played.body
            self.send_response(played.status)
            for name, value in {"Content-Length": str(len(body)), **played.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        played.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield played
        server.shutdown()
        thread.join()


@pytest.fixture
def client(script: Script) -> Iterator[HubSpotClient]:
    with closing(HubSpotClient(script.url, "token", version="2026-03")) as client:
        yield client


def error_of(client: HubSpotClient) -> HubSpotError:
    with pytest.raises(HubSpotError) as caught:
        client.upsert("contacts", [ROW])
    return caught.value


def body(**parts: Any) -> str:
    return json.dumps({"status": "error", "correlationId": "c", **parts})


def bad_value(code: str, *, listed: bool) -> str:
    """The code is in the message as JSON, and sometimes in `errors`."""
    detail = [{"isValid": False, "message": f"{ADDRESS} is bad", "error": code, "name": "x", "portalId": 1}]
    message = f"Property values were not valid: {json.dumps(detail, separators=(',', ':'))}"
    errors = {"errors": [{"message": f"{ADDRESS} is bad", "code": code}]} if listed else {}
    return body(message=message, category="VALIDATION_ERROR", **errors)


HTML = f"<html><body>Blocked {ADDRESS}</body></html>"
CONFLICT = body(message=f"Contact {ADDRESS} already exists. Existing ID: 6001", category="CONFLICT")
LACKING = {"context": {"requiredGranularScopes": ["crm.objects.contacts.write", ADDRESS]}}
NO_SCOPE = body(message="This app hasn't been granted", category="MISSING_SCOPES", errors=[LACKING])
NO_SCOPES_LISTED = body(category="MISSING_SCOPES", errors=[{"context": {"requiredGranularScopes": None}}, {}])
DUPLICATE = body(message=f"Duplicate IDs found: [{ADDRESS}]", category="VALIDATION_ERROR")
NON_UNIQUE = body(
    message="Unable to perform update/upsert by non-unique 0-3 property dealname", category="VALIDATION_ERROR"
)

ANSWERS = [
    (400, bad_value("INVALID_EMAIL", listed=True), Rejected, "invalid_email"),
    (400, bad_value("INVALID_EMAIL", listed=False), Rejected, "invalid_email"),
    (400, bad_value("INVALID_LONG", listed=False), Rejected, "invalid_long x"),
    (
        400,
        bad_value("MISSING_REQUIRED_PROPERTY", listed=True),
        Rejected,
        "missing_required_property x",
    ),
    (400, bad_value("PROPERTY_DOESNT_EXIST", listed=True), Misconfigured, "property_doesnt_exist x"),
    (
        400,
        bad_value("PROPERTY_DOESNT_EXIST", listed=False),
        Misconfigured,
        "property_doesnt_exist x",
    ),
    (400, bad_value("INVALID_OPTION", listed=True), Misconfigured, "invalid_option x"),
    (400, NON_UNIQUE, Misconfigured, "key_not_unique"),
    (
        400,
        DUPLICATE,
        Rejected,
        "validation_error",
    ),
    (400, body(message="Invalid input JSON on line 3"), Rejected, "http_400"),
    (400, HTML, TryAgain, "unreadable_answer"),
    (400, "", TryAgain, "unreadable_answer"),
    (400, "[]", TryAgain, "unreadable_answer"),
    (400, "[" * 100_000, TryAgain, "unreadable_answer"),
    *((status, '{"status": "error"}', TryAgain, "unreadable_answer") for status in (400, 409, 413, 414, 422)),
    (400, '{"correlationId": "gateway-7", "message": "No route"}', TryAgain, "unreadable_answer"),
    (400, '{"category": "security", "action": "blocked"}', TryAgain, "unreadable_answer"),
    (400, body(errors=None, context=None, message=None), Rejected, "http_400"),
    (400, body(errors=[ADDRESS, {"code": ADDRESS}], category=ADDRESS), Rejected, "http_400"),
    (401, body(category="INVALID_AUTHENTICATION"), NotAuthorised, "not_authorised_401"),
    (403, NO_SCOPE, NotAuthorised, "not_authorised_403 crm.objects.contacts.write"),
    (403, NO_SCOPES_LISTED, NotAuthorised, "not_authorised_403"),
    (403, HTML, NotAuthorised, "not_authorised_403"),
    (404, body(message="resource not found"), NotFound, "http_404"),
    (404, HTML, NotFound, "http_404"),
    (405, "", Misconfigured, "http_405"),
    (407, HTML, Misconfigured, "http_407"),
    (408, "", TryAgain, "http_408"),
    (409, CONFLICT, Rejected, "conflict"),
    (410, "", Misconfigured, "http_410"),
    (413, HTML, TryAgain, "unreadable_answer"),
    (414, HTML, TryAgain, "unreadable_answer"),
    (422, body(), Rejected, "http_422"),
    (423, "", TryAgain, "http_423"),
    (429, body(errorType="RATE_LIMIT", policyName="TEN_SECONDLY_ROLLING"), Throttled, "throttled"),
    (429, body(category="RATE_LIMITS"), Throttled, "throttled"),
    (429, HTML, Throttled, "throttled"),
    (477, "", TryAgain, "http_477"),
    (500, body(message=f"internal error at {ADDRESS}"), TryAgain, "http_500"),
    (502, HTML, TryAgain, "http_502"),
    (503, "", TryAgain, "http_503"),
    (504, HTML, TryAgain, "http_504"),
    (521, HTML, TryAgain, "http_521"),
    (524, HTML, TryAgain, "http_524"),
    (530, HTML, NotAuthorised, "not_authorised_530"),
    (200, HTML, TryAgain, "unreadable_answer"),
    (200, '{"results": [', TryAgain, "unreadable_answer"),
    (200, b"\xff\xfe\x00", TryAgain, "unreadable_answer"),
    (200, "[1, 2]", TryAgain, "unreadable_answer"),
    (200, "[" * 100_000, TryAgain, "unreadable_answer"),
    (207, HTML, TryAgain, "unreadable_answer"),
    (207, '{"status": "COMPLETE", "results": []}', TryAgain, "unreadable_answer"),
    (200, '{"a": ' + "9" * 5000 + "}", TryAgain, "unreadable_answer"),
]


@pytest.mark.parametrize(("status", "answer", "family", "cause"), ANSWERS)
def test_an_answer_has_its_family_and_its_cause(
    script: Script,
    client: HubSpotClient,
    status: int,
    answer: str | bytes,
    family: type[HubSpotError],
    cause: str,
) -> None:
    script.status, script.body = status, answer
    error = error_of(client)
    assert (type(error), error.cause) == (family, cause)
    assert ADDRESS not in f"{error} {error!r} {error.__dict__} {error.__cause__}"


@pytest.mark.parametrize(
    ("headers", "answer"),
    [
        ({"Content-Encoding": "gzip"}, b"no gzip"),
        ({"Content-Encoding": "gzip"}, gzip.compress(b'{"results": []}', mtime=0)[:-9]),
        ({"Content-Length": "999"}, b'{"results": []}'),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_tried_again(
    script: Script, client: HubSpotClient, headers: dict[str, str], answer: bytes
) -> None:
    script.headers, script.body = headers, answer
    assert isinstance(error_of(client), TryAgain)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(script: Script, client: HubSpotClient, status: int) -> None:
    script.status, script.headers = status, {"Location": script.url}
    assert isinstance(error_of(client), Misconfigured)
    assert script.requests == 1


def test_what_a_person_writes_cannot_pass_for_a_code_of_hubspot(
    script: Script, client: HubSpotClient
) -> None:
    detail = [{"message": 'Ada", "error":"PROPERTY_DOESNT_EXIST", "is bad', "error": "INVALID_EMAIL"}]
    script.status = 400
    script.body = body(message=f"Property values were not valid: {json.dumps(detail)}")
    assert error_of(client).cause == "invalid_email"


# When to come back


def waits(script: Script, client: HubSpotClient, value: str | None, status: int = 429) -> float | None:
    script.status, script.headers = status, {} if value is None else {"Retry-After": value}
    error = error_of(client)
    assert isinstance(error, TryAgain)
    return error.retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("3.5", 3.5), ("999999", 86_400.0), ("0", THROTTLE_SECONDS), (None, THROTTLE_SECONDS)],
)
def test_retry_after_in_seconds(
    script: Script, client: HubSpotClient, value: str | None, seconds: float
) -> None:
    assert waits(script, client, value) == pytest.approx(seconds, abs=0.5)


def test_retry_after_as_a_date(script: Script, client: HubSpotClient) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=90)
    assert waits(script, client, format_datetime(soon, usegmt=True)) == pytest.approx(90, abs=5)


@pytest.mark.parametrize(
    "value",
    [
        *("soon", "nan", "inf", "-5", "1e9", "", "7, 7", "PT7S"),
        "Fri, 99 Nov 2026 12:00:00 GMT",
    ],
)
def test_a_retry_after_that_makes_no_sense_is_no_time(
    script: Script, client: HubSpotClient, value: str
) -> None:
    assert waits(script, client, value, status=503) is None


# Good answers


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        '{"results": null, "errors": null}',
        '{"results": [null, 7, {"id": "51"}, {"objectWriteTraceId": "row-1"}]}',
        '{"results": [{"id": {"a": 1}, "objectWriteTraceId": "row-1"}]}',
        f'{{"results": [{{"id": "{"x" * 300}", "objectWriteTraceId": "row-1"}}]}}',
        '{"errors": [null, {"context": null}, {"context": {"objectWriteTraceId": null}}, {}]}',
    ],
)
def test_an_answer_that_says_nothing_of_any_input_is_an_outage(
    script: Script, client: HubSpotClient, answer: str
) -> None:
    script.body = answer
    with pytest.raises(TryAgain, match="unreadable_answer"):
        client.upsert("contacts", [ROW])


@pytest.mark.parametrize(
    "answer",
    [
        *('{"results": []}', '{"results": [{"id": "7", "properties": {}}]}'),
        *('{"results": [], "errors": [{}]}', '{"results": [], "errors": [{"message": "upstream"}]}'),
        '{"results": [], "errors": [{"status": "error", "category": "INTERNAL_ERROR"}]}',
    ],
)
@pytest.mark.parametrize("id_property", ["", "email"])
def test_who_is_missing_from_a_read_without_a_word_is_not_taken_for_unknown(
    script: Script, client: HubSpotClient, answer: str, id_property: str
) -> None:
    """A stranger would overwrite a contact that is there."""
    script.body = answer
    ids = ["51", "52"] if not id_property else [ADDRESS, "bob@engines.example"]
    with pytest.raises(TryAgain, match="unreadable_answer"):
        client.read("contacts", ids, ["email"], id_property=id_property)


def test_two_look_ups_may_find_one_record(script: Script, client: HubSpotClient) -> None:
    held = {"email": "Ada@Engines.example", "hs_additional_emails": "bob@engines.example"}
    script.body = json.dumps({"results": [{"id": "51", "properties": held}]})
    found = client.read("contacts", [ADDRESS, "bob@engines.example"], ["email"], id_property="email")
    assert [record.id for record in found] == ["51"]


@pytest.mark.parametrize(("status", "answer"), [(200, ""), (201, '{"ok": true}'), (202, ""), (200, HTML)])
def test_nothing_counts_as_erased_or_archived_but_by_hubspots_own_answer(
    script: Script, client: HubSpotClient, status: int, answer: str
) -> None:
    script.status, script.body = status, answer
    with pytest.raises(TryAgain, match="unreadable_answer"):
        client.erase_contact(address=ADDRESS)
    with pytest.raises(TryAgain, match="unreadable_answer"):
        client.archive("contacts", ["51"])


def test_no_answer_about_links_does_not_mean_that_there_are_none(
    script: Script, client: HubSpotClient
) -> None:
    with pytest.raises(TryAgain, match="unreadable_answer"):
        client.links({"7"})


@pytest.mark.parametrize(
    ("limit", "remaining", "interval"),
    [
        *(("9999999", "0", "10000"), ("100", "0", "9999999"), ("0", "0", "10000"), ("100", "101", "10000")),
        *(("100, 100", "5", "10s"), ("-1", "-1", "0"), ("1e2", "0x5", "\u0661\u0660")),
    ],
)
def test_rate_headers_that_make_no_sense_teach_nothing(limit: str, remaining: str, interval: str) -> None:
    response = requests.Response()
    response.status_code = 200
    response.headers.update(
        {
            "X-HubSpot-RateLimit-Max": limit,
            "X-HubSpot-RateLimit-Remaining": remaining,
            "X-HubSpot-RateLimit-Interval-Milliseconds": interval,
        }
    )
    read = read_rate_headers(response)
    assert read.limit is None or read.remaining is None
    assert read.interval_ms is None or read.interval_ms == 10_000


def test_an_input_that_an_answer_leaves_out_is_neither_written_nor_refused(
    script: Script, client: HubSpotClient
) -> None:
    script.body = '{"results": [{"id": "51", "objectWriteTraceId": "row-0"}]}'
    outcome = client.upsert("contacts", [replace(ROW, trace="row-0", id="other@x.example"), ROW])
    assert (outcome.ids, outcome.refusals) == ({"row-0": "51"}, {})


def test_a_mixed_answer_is_read_by_trace(script: Script, client: HubSpotClient) -> None:
    script.status = 207
    refused = json.loads(bad_value("INVALID_EMAIL", listed=False))
    script.body = json.dumps(
        {
            "results": [{"id": 51, "objectWriteTraceId": "row-1"}],
            "errors": [refused | {"context": {"objectWriteTraceId": ["row-2"]}}],
        }
    )
    outcome = client.upsert("contacts", [ROW])
    assert (outcome.ids, outcome.refusals) == ({"row-1": "51"}, {"row-2": "invalid_email"})


def test_a_link_is_confirmed_in_either_direction(script: Script, client: HubSpotClient) -> None:
    pair = {"from": {"id": 7}, "to": {"id": "51"}}
    script.body = json.dumps({"results": [pair, {"from": {"id": "52"}, "to": {"id": "8"}}, {"from": None}]})
    assert client.associate([("7", "51"), ("8", "52"), ("9", "53")]) == {("7", "51"), ("8", "52")}


@pytest.mark.parametrize("version", ["v3", "2026-03", "2026-09"])
def test_every_version_leads_to_the_same_records(account: Account, version: str) -> None:
    with closing(HubSpotClient(account.running.url, TOKEN, version=version)) as client:
        ids = client.upsert("contacts", [ROW]).ids
        deal = client.upsert("deals", [BatchInput("d", "k", "ai_assessment_key", {"dealname": "D"})]).ids
        assert client.associate([(deal["d"], ids["row-1"])])
    assert account.totals == (1, 1, 1)


# The environment of the process


def test_a_netrc_file_does_not_take_the_place_of_the_token(
    script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login ada password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with closing(HubSpotClient(script.url, "token", version="v3")) as client:
        client._http.trust_env = True  # as for a HubSpot on another machine
        client.upsert("contacts", [])
    assert script.authorization == "Bearer token"


def test_a_proxy_does_not_come_between_us_and_this_machine(
    script: Script, client: HubSpotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
    client.upsert("contacts", [])
    assert script.requests == 1


def test_hubspot_itself_is_reached_through_the_proxy_of_the_environment(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", script.url)
    with closing(HubSpotClient("http://hubspot.example", "token", version="v3")) as client:
        client.upsert("contacts", [])
    assert script.requests == 1


# No answer


def test_an_address_that_is_none_is_a_setting_to_mend() -> None:
    for url in ("api.hubapi.com", "localhost:8080", "http://", "ftp://x.example"):
        with closing(HubSpotClient(url, "token", version="v3")) as client:
            assert isinstance(error_of(client), Misconfigured)


def test_a_token_that_cannot_travel_is_a_setting_to_mend(script: Script) -> None:
    with closing(HubSpotClient(script.url, "secret\n", version="v3")) as client:
        error = error_of(client)
    assert isinstance(error, Misconfigured)
    assert "secret" not in str(error)


@pytest.mark.parametrize("effect", ["hang", "slow", "reset", "truncated"])
def test_an_answer_that_never_comes_whole_is_tried_again(
    account: Account, monkeypatch: pytest.MonkeyPatch, effect: Any
) -> None:
    monkeypatch.setattr(client_module, "TIMEOUT", (0.2, 0.2))
    account.fails(effect, route=CONTACTS, seconds=5)
    started = time.monotonic()
    assert isinstance(error_of(account.client), TryAgain)
    assert time.monotonic() - started < 3
