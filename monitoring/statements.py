"""Watches every SQL statement: its duration, whether it failed, and a log line when it was slow.

The line has the shape of the statement, never a value: parameters are not in the text that is watched, and
what looks like a literal is taken out.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError

from monitoring.timings import timings

SLOW_SECONDS = 0.5  # seed 004: queries above 500 ms
LITERALS = re.compile(r"'(?:[^']|'')*'|\$\$.*?\$\$|\b\d+(?:\.\d+)?\b", re.DOTALL)
LONGEST = 400
KINDS = ("select", "insert", "update", "delete")

logger = logging.getLogger(__name__)


def watch_statement(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """An execute wrapper of Django."""
    begun, outcome = time.perf_counter(), "ok"
    try:
        return execute(sql, params, many, context)
    except DatabaseError:
        outcome = "failed"
        raise
    finally:
        seconds = time.perf_counter() - begun
        timings.observe("query", f"{kind_of(str(sql))},{outcome}", seconds)
        if seconds > SLOW_SECONDS:
            logger.warning("A statement took %d ms: %s", int(seconds * 1000), shape(str(sql)))


def kind_of(sql: str) -> str:
    word = sql.lstrip(" (\n")[:6].lower()
    return word if word in KINDS else "select" if word.startswith("with") else "other"


def shape(sql: str) -> str:
    """The statement in one line without anything that may be a value."""
    flat = " ".join(LITERALS.sub("?", sql).split())
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


def watch_connection(connection: Any, **kwargs: Any) -> None:
    """Receiver of `connection_created`: count it, and watch its statements."""
    timings.observe("connect", "ok", 0.0)
    if watch_statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch_statement)
