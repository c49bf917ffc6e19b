"""Logs as one JSON object per line, without personal data: only allow-listed fields are written.

Of a record: time, level, logger, message and request id; of a request: status and route; of an exception:
type and stack frames. `extra=` and exception messages are dropped: an IntegrityError quotes the row, a
validation error the input. Arguments of library messages are redacted unless known to be safe, and text that
looks like an e-mail address, a phone number or a token is redacted in every message.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any

from monitoring.tracing import trace_id
from operations.middleware.requests import request_id

HIDDEN = "…"
PLACES = 8
PROJECT = Path(__file__).resolve().parents[1]
OURS = frozenset(path.parent.name for path in PROJECT.glob("*/__init__.py"))

UUID = r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"
# Safe arguments of library messages: ids, names of tasks and workers, listen addresses.
HARMLESS = re.compile(
    rf"{UUID}|(?:{'|'.join(sorted(OURS | {'celery'}))})(?:\.[a-z_]+)+|celery@[\w-]+|https?://[\d.]+:\d+"
)
REVEALING = re.compile(
    rf"""
    (?P<kept> \b{UUID}\b
      | ^erased\ [0-9a-f]{{64}}\ [\dT:.+-]+$ )  # privacy/requests/after_restore.py reads it again
    | (?P<origin> \b[a-z][a-z0-9+.-]*:// ) (?: [^\s/@]*@ )? (?P<host> [^\s/?\#"'<>)]* ) [^\s"'<>)]*
    | [^\s@<>"'(),;:=]+ @ [^\s@<>"'(),;]+ \. \w+                    # an e-mail address
    | \? [^\s"'<>)]* = [^\s"'<>)]*                                  # a query
    | (?: [0-9a-f]{{0,4}}: ){{3,7}} [0-9a-f]{{0,4}} | [0-9a-f]+ :: [0-9a-f:]*  # IPv6
    | \b \d{{1,3}} (?: \.\d{{1,3}} ){{3}} \b                        # IPv4
    | (?<![\w-]) \+? \(? \d (?: [\s()./-]{{0,2}} \d ){{8,}} (?![\w-])  # a phone number
    | [A-Za-z0-9_-]{{40,}}                                          # a token
    """,
    re.VERBOSE | re.IGNORECASE,
)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Serialise the record to JSON with the keys above; control characters are escaped."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
            **request_of(record),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["exception"] = kind.__name__
            line["at"] = [
                f"{name_of(frame.filename)}:{frame.lineno} {frame.name}" for frame in own_frames(trace)
            ]
        return json.dumps(line, ensure_ascii=True).replace("\x7f", "\\u007f")


def message_of(record: logging.LogRecord) -> str:
    """The record's message, with potential personal data redacted.

    With an exception, our own arguments are redacted like a library's: they may quote its message.
    """
    if not isinstance(record.msg, str):  # usually an exception
        return type(record.msg).__name__
    if status := status_of(record):
        return HTTPStatus(status).phrase if status in list(HTTPStatus) else f"Status {status}"
    trusted = record.name.partition(".")[0] in OURS and not record.exc_info
    return without_traces(
        merged_message(record.msg, record.args if trusted else redacted_arguments(record.args))
    )


def merged_message(template: str, args: Any) -> str:
    try:
        return template % args if args else template
    except (TypeError, ValueError, KeyError):  # malformed arguments, which logging would print unredacted
        return template


def redacted_arguments(args: Any) -> Any:
    """The arguments of a library's message, redacted unless known to be safe."""
    if isinstance(args, Mapping):
        return {name: redacted_value(value) for name, value in args.items()}
    return tuple(redacted_value(value) for value in args or ())


def redacted_value(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value) if isinstance(value, str) else ""
    return text if HARMLESS.fullmatch(text) else HIDDEN


def without_traces(text: str) -> str:
    """Redact e-mail addresses, phone numbers and tokens; reduce URLs to scheme and host."""
    return REVEALING.sub(hide_values, text)


def hide_values(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    return f"{found['origin']}{found['host']}/{HIDDEN}" if found["origin"] else HIDDEN


def status_of(record: logging.LogRecord) -> int:
    """The response status from a log record of Django, whose path and reason may quote user input."""
    return getattr(record, "status_code", 0) if record.name.startswith("django.") else 0


def request_of(record: logging.LogRecord) -> dict[str, object]:
    """Id, status and route of the request. The route is a URL pattern, never the actual path."""
    request = getattr(record, "request", None)
    found: dict[str, object] = {}
    if current := request_id.get() or str(getattr(request, "META", {}).get("REQUEST_ID", "")):
        found["request"] = current
    if trace := trace_id():
        found["trace"] = trace
    if status := status_of(record):
        found["status"] = status
    if match := getattr(request, "resolver_match", None):
        found["route"] = match.route
    return found


def own_frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    """The innermost frames in our own code, and the frame that raised the exception."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if is_ours(frame.filename)][-PLACES:]
    return own if frames[-1:] == own[-1:] else [*own, frames[-1]]


def is_ours(filename: str) -> bool:
    path = Path(filename)
    return path.is_relative_to(PROJECT) and path.relative_to(PROJECT).parts[0] in OURS


def name_of(filename: str) -> str:
    """A file name relative to the project, or to the package's parent directory for a library."""
    if is_ours(filename):
        return str(Path(filename).relative_to(PROJECT))
    return filename.rpartition("site-packages/")[2]


class VisitorsFilter(logging.Filter):
    """Downgrade rejected requests to warnings: any client can cause them, and nothing failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security."):
            record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


def speak_of_crashes() -> None:
    """Log uncaught exceptions as JSON, and print nothing when a log record cannot be written.

    By default Python prints both unredacted.
    """
    sys.excepthook = log_crash
    logging.raiseExceptions = False


def log_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("The process ends", exc_info=(kind, error, trace))
    if sys.stderr.isatty():  # interactive use: no log is stored
        print(f"{kind.__name__}: {error}", file=sys.stderr)


class NobodyFilter(logging.Filter):
    """Redact all request data in gunicorn's messages about malformed requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Invalid request"):
            record.msg, record.args = "A request could not be read and was refused", ()
        return True
