"""What is sent by mistake or in bad faith gets an answer, and the next call works."""

import socket

import pytest

from .conftest import CONTACTS, TOKEN, Caller

HEAD = f"POST {CONTACTS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n".encode()


def raw(hubspot: Caller, content: bytes) -> bytes:
    host, port = hubspot.running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"properties": {"email": "a\0"}}',
        b'{"properties": {"email": "\xff\xfe"}}',
        b'{"properties": {"email": "\\ud800"}}',
        b"[" * 100_000,
        b"[]",
        b'{"properties": []}',
        b'{"properties": {"email": null}}',
        b'{"properties": {"phone": NaN}}',
    ],
)
def test_broken_json_is_400_without_a_category(hubspot: Caller, body: bytes) -> None:
    answer = hubspot.call("POST", CONTACTS, data=body)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("Invalid input JSON on line 1, column")
    assert "category" not in answer.json()
    assert hubspot.contact("next@b.io")


def test_a_missing_body_is_named(hubspot: Caller) -> None:
    message = hubspot.call("POST", CONTACTS).json()["message"]
    assert message == "Invalid JSON input: a request body was expected, but none found"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nope", 404),
        ("GET", "/crm/v3/nope", 404),
        ("GET", "/crm/v4/objects/contacts", 404),
        ("GET", "/crm/objects/2025-01/contacts", 404),
        ("POST", "/crm/v3/objects/contacts/search/again", 404),
        ("PUT", CONTACTS, 405),
        ("DELETE", "/crm/v3/objects/contacts/batch/read", 405),
        ("OPTIONS", CONTACTS, 405),
        ("TRACE", CONTACTS, 405),
        ("GET", "/crm/v3/objects/contacts/" + "9" * 17_000, 414),
        ("GET", "/_simulator/nope", 404),
        ("GET", "/_simulator/reset", 405),
    ],
)
def test_what_is_not_served_is_refused_as_json(hubspot: Caller, method: str, path: str, status: int) -> None:
    answer = hubspot.call(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, "error")
    assert hubspot.get(CONTACTS).status_code == 200


def test_a_head_request_has_no_body(hubspot: Caller) -> None:
    answer = hubspot.call("HEAD", CONTACTS)
    assert (answer.status_code, answer.content) == (405, b"")
    assert hubspot.get(CONTACTS).status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: x\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
        (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", b"413"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"411"),
        (HEAD + b"X: 1\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_a_broken_request_is_refused_and_its_connection_closed(
    hubspot: Caller, content: bytes, status: bytes
) -> None:
    answer = raw(hubspot, content)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b"Traceback" not in answer
    assert hubspot.get(CONTACTS).status_code == 200


def test_a_body_larger_than_10_megabytes_is_refused(hubspot: Caller) -> None:
    answer = raw(hubspot, HEAD + b"Content-Length: 10485761\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_caller_who_hangs_up_writes_nothing(hubspot: Caller, capfd: pytest.CaptureFixture[str]) -> None:
    assert raw(hubspot, HEAD + b'Content-Length: 999\r\n\r\n{"properties": {}}') == b""
    assert hubspot.running.store.contacts() == []
    assert capfd.readouterr() == ("", "")


def test_one_connection_serves_many_calls(hubspot: Caller) -> None:
    answers = [hubspot.get(CONTACTS) for _ in range(3)]
    assert {answer.headers.get("Connection") for answer in answers} == {None}


def test_a_fault_of_its_own_is_500_and_one_line_without_values(
    hubspot: Caller, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hubspot_simulator.rules.views.record", lambda *_: dict[str, str]()["ann@b.io"])
    answer = hubspot.post(CONTACTS, {"properties": {"email": "ann@b.io"}})
    assert (answer.status_code, hubspot.running.store.contacts()) == (500, [])
    assert capfd.readouterr().err.startswith("HubSpot simulator: KeyError at ")
