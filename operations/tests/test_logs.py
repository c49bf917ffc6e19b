"""One JSON object a line, and nothing in it that tells of a person."""

import json
import logging
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import SuppressedAddress
from config.tests.processes import PROJECT
from operations.logs import JsonFormatter, log_crash
from privacy.requests.after_restore import import_erasures
from privacy.requests.erasure import erase

OURS, LIBRARY = "assessments.somewhere", "some.library"
KEYS = {"time", "level", "logger", "message", "request", "status", "route", "exception", "at"}


def formatted(
    message: object, *args: Any, logger: str = OURS, exc_info: Any = None, **extra: Any
) -> dict[str, Any]:
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, args, exc_info)
    vars(record).update(extra)
    line = JsonFormatter().format(record)
    assert line.isascii()
    assert line.isprintable()
    found: dict[str, Any] = json.loads(line)
    assert found.keys() <= KEYS
    return found


def failure() -> Any:
    try:
        int("ada@engines.example")
    except ValueError:
        return sys.exc_info()


def test_a_line_says_when_where_and_what() -> None:
    line = formatted("%d leads", 3)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", OURS, "3 leads")
    assert line["time"].endswith("+00:00")


def test_of_an_exception_only_type_and_places_are_written() -> None:
    line = formatted("It failed: %s", "Lovelace", exc_info=failure())
    assert line["exception"] == "ValueError"
    assert line["at"][0].startswith("operations/tests/test_logs.py:")
    assert line["at"][0].endswith(" failure")
    assert "Lovelace" not in json.dumps(line)
    assert "ada" not in json.dumps(line)


def test_celery_says_which_task_failed_and_not_with_what() -> None:
    task = "6a5d0e0f-8a55-4b1f-9a3c-2d6a2f3b9c11"
    words = {"name": "mailings.tasks.send_due", "id": task, "exc": "Lovelace"}
    line = formatted("Task %(name)s[%(id)s] raised: %(exc)s", words, logger="celery", exc_info=failure())
    assert line["message"] == f"Task {words['name']}[{words['id']}] raised: …"


def test_an_exception_far_down_in_a_library_still_shows_where_we_called_it() -> None:
    try:
        json.loads("{")
    except ValueError:
        line = formatted("It failed", exc_info=sys.exc_info())
    assert line["at"][0].startswith("operations/tests/test_logs.py:")
    assert line["at"][-1].endswith(" raw_decode") or "json" in line["at"][-1]


def test_an_exception_in_place_of_a_message_is_its_type() -> None:
    assert formatted(ValueError("Lovelace"))["message"] == "ValueError"


def test_extra_keys_do_not_get_out() -> None:
    assert "Lovelace" not in json.dumps(formatted("Saved", name_of_person="Lovelace", company="Lovelace"))


@pytest.mark.parametrize(
    "value",
    [
        "ada@engines.example",
        "+44 20 7946 0000",
        "(020) 79460000",
        "203.0.113.9",
        "2001:db8:1:2:3:4:5:6",
        "2001:db8::7",
        "x" * 43,
    ],
)
def test_what_looks_personal_goes_from_our_own_messages_too(value: str) -> None:
    assert formatted("Seen: %s, again", value)["message"] == "Seen: …, again"


@pytest.mark.parametrize(
    "value",
    ["3c9d4c1e-8d51-4f0e-9c1b-0a8f4d2b7e11", "12 of 4000 rows", "2026-11-21", "02:08:10", "invalid_email"],
)
def test_ids_numbers_and_times_stay(value: str) -> None:
    assert formatted("Seen: %s", value)["message"] == f"Seen: {value}"


def test_the_line_of_an_erasure_can_be_read_after_a_restore(
    db: None, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        line = erase("ada@engines.example", asked_by="staff").line
    written = JsonFormatter().format(caplog.records[-1])
    SuppressedAddress.objects.all().delete()
    assert import_erasures([written]) == 1
    assert SuppressedAddress.objects.get().address_hash == line.address_hash


def test_of_a_url_scheme_and_host_stay() -> None:
    line = formatted("GET %s failed", "https://api.hubapi.com/contacts/ada?token=1#x")
    assert line["message"] == "GET https://api.hubapi.com/… failed"


def test_a_password_in_a_url_goes() -> None:
    assert formatted("redis://:secret@10.0.0.7:6379/0")["message"] == "redis://10.0.0.7:6379/…"


def test_the_query_of_a_path_goes() -> None:
    assert formatted("GET /privacy?token=abc&name=Ada")["message"] == "GET /privacy…"


def test_a_library_keeps_only_what_cannot_name_anybody() -> None:
    line = formatted("Task %s of %s took %d s", "privacy.tasks.scrub", "Lovelace", 3, logger=LIBRARY)
    assert line["message"] == "Task privacy.tasks.scrub of … took 3 s"


def test_a_library_that_names_its_arguments_is_held_to_the_same() -> None:
    line = formatted(
        "Task %(name)s: %(exc)s", {"name": "privacy.tasks.scrub", "exc": "Lovelace"}, logger=LIBRARY
    )
    assert line["message"] == "Task privacy.tasks.scrub: …"


def test_arguments_that_do_not_fit_are_left_out() -> None:
    assert formatted("%d leads", "Lovelace")["message"] == "%d leads"


def test_a_line_of_django_about_a_request_tells_status_and_request_but_no_path(
    client: Client, db: None
) -> None:
    request = client.get("/no/such/Lovelace").wsgi_request
    line = formatted(
        "%s: %s", "Not Found", request.path, logger="django.request", request=request, status_code=404
    )
    assert (line["message"], line["status"], len(line["request"])) == ("Not Found", 404, 32)
    assert "Lovelace" not in json.dumps(line)


def test_a_page_of_ours_is_named_by_its_route(client: Client, db: None) -> None:
    request = client.get("/step/1/").wsgi_request
    line = formatted("%s", "x", logger="django.request", request=request, status_code=500)
    assert line["route"] == "step/<int:step>/"


def test_control_characters_cannot_forge_a_line() -> None:
    assert formatted("%s", "a\n{}\x1b[31m\x7f")["message"] == "a\n{}\x1b[31m\x7f"


@given(st.text(), st.text())
def test_no_message_makes_the_log_fail(template: str, value: str) -> None:
    formatted(template, value)
    formatted(template, value, logger=LIBRARY)


def test_every_answer_names_its_request(client: Client, db: None) -> None:
    one, other = (client.get("/api/health")["X-Request-ID"] for _ in range(2))
    assert len(one) == 32
    assert one != other


def test_a_process_that_dies_of_an_exception_says_so_in_one_line() -> None:
    died = subprocess.run(
        [
            sys.executable,
            "-c",
            "import logging; from operations.logs import *; speak_of_crashes()\n"
            "handler = logging.StreamHandler(); handler.setFormatter(JsonFormatter())\n"
            "logging.getLogger().addHandler(handler)\n"
            "raise ValueError('Lovelace')",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    line = json.loads(died.stderr)
    assert (died.returncode, line["message"], line["exception"]) == (1, "The process ends", "ValueError")
    assert "Lovelace" not in died.stderr


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_a_warning_without_a_word_of_it(client: Client) -> None:
    [handler] = [each for each in logging.getLogger().handlers if isinstance(each.formatter, JsonFormatter)]
    assert isinstance(handler, logging.StreamHandler)
    terminal = handler.setStream(StringIO())
    try:
        assert client.post("/start/", {"referrer": "Lovelace" * 100_000}).status_code == 400
        lines = handler.stream.getvalue()
    finally:
        handler.setStream(terminal)
    assert {json.loads(line)["level"] for line in lines.splitlines()} == {"WARNING"}
    assert "Lovelace" not in lines


@pytest.mark.parametrize("at_a_terminal", [True, False])
def test_only_a_person_at_a_terminal_is_told_what_an_exception_says(
    at_a_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: at_a_terminal)
    log_crash(ValueError, ValueError("permission denied for schema public"), None)
    assert ("permission denied for schema public" in capsys.readouterr().err) is at_a_terminal
