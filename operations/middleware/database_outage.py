"""When PostgreSQL goes away during a request: wait for it and try once more, else 503 with Retry-After.

A restart of PostgreSQL takes a second or two. A request that had written nothing by then can be repeated
as if it came later; any other is told to come back, because what it wrote may be stored or not.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from branding.brand import remembered

WAIT_SECONDS = 4.0
PAUSE_SECONDS = 0.1
RETRY_AFTER_SECONDS = 30
NOT_CONNECTED = "_not_connected"  # mark of a response
READS = ("SELECT", "SET", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK")
# PostgreSQL shuts down, crashed or starts: it did not carry out the statement that got this answer.
SHUTDOWN = ("57P01", "57P02", "57P03")

logger = logging.getLogger(__name__)


class Writes:
    """What one attempt at a request wrote; an execute wrapper of its connection."""

    def __init__(self) -> None:
        self.sent = False  # a statement that writes, or its COMMIT, may have been carried out
        self.stored = False
        self.lost = False  # the connection, in the middle
        self.shut_down = False  # PostgreSQL said so, and that nothing of the last transaction is stored

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        writes = not str(sql).lstrip().upper().startswith(READS)
        self.sent = self.sent or writes
        try:
            result = execute(sql, params, many, context)
        except OperationalError as error:
            self.shut_down = getattr(error.__cause__, "sqlstate", None) in SHUTDOWN
            self.lost = connection.connection is None or connection.connection.closed
            raise
        if writes:
            transaction.on_commit(self.note_stored)  # at once where there is no transaction
        return result

    def note_stored(self) -> None:
        self.stored = True

    @property
    def none(self) -> bool:
        return not self.stored and (self.shut_down or not self.sent)


class DatabaseOutageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, of a second attempt where the first one lost its connection before it wrote."""
        writes = Writes()
        with connection.execute_wrapper(writes):
            response = self.get_response(request)
        lost = writes.lost or hasattr(response, NOT_CONNECTED) or connection.connection is None
        if response.status_code != 503 or not lost or not writes.none or not is_back():
            return response
        logger.warning("PostgreSQL went away and came back: the request is tried again")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for whatever the database could not do at the moment: an outage, a full disk, a timeout."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        not_connected = connection.connection is None  # now: the page may ask for the brand
        logger.error("The database fails", exc_info=exception)
        response = HttpResponse(render_to_string("500.html", {"brand": remembered()}), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["Cache-Control"] = "no-store"
        if not_connected:
            setattr(response, NOT_CONNECTED, True)
        response._has_been_logged = True  # type: ignore[attr-defined]  # just now
        return response


def is_back() -> bool:
    """Whether PostgreSQL takes connections again within WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    connection.close()
    while True:
        try:
            connection.connect()
        except OperationalError:
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        else:
            return True
