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
            # A message around an exception (Celery's, say) may quote it: then the template alone is written.
            "message": str(record.msg) if record.exc_info else record.getMessage(),
        }
        if current := request_id.get():
            line["request"] = current
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["exception"] = kind.__name__
            frames = traceback.extract_tb(trace)[-8:]
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(line, ensure_ascii=True)


class NobodyFilter(logging.Filter):
    """Takes the address of the client out of what gunicorn says about a request it cannot read."""

    def filter(self, record: logging.LogRecord) -> bool:
        if str(record.msg).startswith("Invalid request"):
            record.msg, record.args = "A request could not be read and was refused", ()
        return True
