"""One JSON object a line, and nothing in it that an exception said."""

import json
import logging
import sys
from typing import Any

from django.test import Client

from operations.logs import JsonFormatter


def formatted(message: str, *args: Any, exc_info: Any = None) -> dict[str, Any]:
    record = logging.LogRecord("a.logger", logging.ERROR, __file__, 1, message, args, exc_info)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def failure() -> Any:
    try:
        int("ada@engines.example")
    except ValueError:
        return sys.exc_info()


def test_a_line_says_when_where_and_what() -> None:
    line = formatted("%d leads", 3)
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "a.logger", "3 leads")
    assert line["time"].endswith("+00:00")


def test_of_an_exception_only_type_and_places_are_written() -> None:
    line = formatted("It failed: %s", "ada@engines.example", exc_info=failure())
    assert line["exception"] == "ValueError"
    assert any("failure" in place for place in line["at"])
    assert "ada" not in json.dumps(line)


def test_a_line_of_django_about_a_request_names_path_and_request(client: Client, db: None) -> None:
    request = client.get("/no/such/page").wsgi_request
    record = logging.makeLogRecord({"name": "django.request", "msg": "%s: %s", "args": ("Not Found", "/x")})
    record.request = request
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], len(line["request"])) == ("Not Found: /x", 32)


def test_control_characters_cannot_forge_a_line() -> None:
    assert formatted("%s", "a\n{}\x1b[31m")["message"] == "a\n{}\x1b[31m"


def test_every_answer_names_its_request(client: Client, db: None) -> None:
    one, other = (client.get("/api/health")["X-Request-ID"] for _ in range(2))
    assert len(one) == 32
    assert one != other
