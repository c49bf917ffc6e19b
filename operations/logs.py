"""One JSON object a line. Of an exception only its type and the places it passed are written.

What an exception says is left out: an IntegrityError quotes the row, a validation error the input.
"""

import json
import logging
import traceback
from datetime import UTC, datetime

from operations.requests import request_id


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """An object of time, level, logger, message, request, exception, at; control characters escaped."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if current := request_id.get() or request_of(record):
            line["request"] = current
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["exception"] = kind.__name__
            frames = traceback.extract_tb(trace)[-8:]
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=True)


def message_of(record: logging.LogRecord) -> str:
    """The message; around an exception (Celery's, say) it may quote it, then the template alone.

    Django's own lines about requests hold a reason and a path, and no exception.
    """
    if record.exc_info and record.name != "django.request":
        return str(record.msg)
    return record.getMessage()


def request_of(record: logging.LogRecord) -> str:
    """The id of the request that Django logs after it was answered."""
    request = getattr(record, "request", None)
    return str(getattr(request, "META", {}).get("REQUEST_ID", ""))


class NobodyFilter(logging.Filter):
    """Takes the address of the client out of what gunicorn says about a request it cannot read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Invalid request"):
            record.msg, record.args = "A request could not be read and was refused", ()
        return True
