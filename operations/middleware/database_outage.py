"""Retry a request once after PostgreSQL restarts, else respond 503 with Retry-After.

A restart takes a second or two. A request without writes is safe to repeat, and so is a step of the form,
which stores the same answers again. Any other gets a 503, because its writes may or may not have been
committed. The page of a form that was lost holds what was sent, with a button that sends it again: a person
decides what the server may not.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from branding.brand import last_brand

WAIT_SECONDS = 4.0
PAUSE_SECONDS = 0.1
RETRY_AFTER_SECONDS = 30
NOT_A_PUBLIC_FORM = ("/admin/", "/api/")
SAME_TWICE = frozenset({"step"})  # names of pages whose POST stores the same when it comes twice
NOT_CONNECTED = "_not_connected"  # attribute set on a response
SHUT_DOWN = "_shut_down"  # the same: PostgreSQL ended the session, and with it what was not committed
READS = ("SELECT", "BEGIN", "SET", "SHOW", "SAVEPOINT", "RELEASE", "ROLLBACK")
# admin_shutdown, crash_shutdown, cannot_connect_now: the statement was not executed.
SHUTDOWN = ("57P01", "57P02", "57P03")

logger = logging.getLogger(__name__)


class Writes:
    """Execute wrapper that tracks whether one attempt at a request has written anything."""

    def __init__(self) -> None:
        self.sent = False  # a write, or its COMMIT, may have been executed
        self.stored = False
        self.lost = False  # the connection broke during the request
        self.undone = False  # the connection broke before the COMMIT: the last transaction is rolled back

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        writes = not str(sql).lstrip()[:10].upper().startswith(READS)
        self.sent = self.sent or writes
        try:
            result = execute(sql, params, many, context)
        except OperationalError as error:
            self.undone = is_shutdown(error) or connection.in_atomic_block
            self.lost = connection.connection is None or connection.connection.closed
            raise
        if writes and context["connection"].in_atomic_block:
            transaction.on_commit(self.note_stored)
        else:
            self.stored = self.stored or writes
        return result

    def note_stored(self) -> None:
        self.stored = True

    @property
    def none(self) -> bool:
        return not self.stored and (self.undone or not self.sent)


class DatabaseOutageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Process the request, a second time if the first lost its connection and a second does no harm."""
        writes, database = Writes(), connections[DEFAULT_DB_ALIAS]
        with database.execute_wrapper(writes):
            response = self.get_response(request)
        if response.status_code != 503:
            return response
        writes.undone = writes.undone or hasattr(response, SHUT_DOWN)
        lost = (
            writes.lost
            or hasattr(response, NOT_CONNECTED)
            or hasattr(response, SHUT_DOWN)
            or database.connection is None
        )
        if not lost or not (writes.none or stores_the_same(request)) or not is_back():
            return response
        logger.warning("PostgreSQL went away and came back: the request is tried again")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The 503 page for transient database errors: an outage, a full disk, a timeout."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        not_connected = connection.connection is None  # read now: rendering may reconnect
        logger.error("The database fails", exc_info=exception)
        context = {"brand": last_brand(), "again": posted_again(request)}
        response = HttpResponse(render_to_string("500.html", context), status=503)
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        response["Cache-Control"] = "no-store"
        if not_connected:
            setattr(response, NOT_CONNECTED, True)
        if is_shutdown(exception):  # at the COMMIT, which no execute wrapper sees
            setattr(response, SHUT_DOWN, True)
        response._has_been_logged = True  # type: ignore[attr-defined]  # above
        return response


def stores_the_same(request: HttpRequest) -> bool:
    """Whether the request may be repeated even after it wrote; files have been read, and would be empty."""
    match = request.resolver_match
    return match is not None and match.url_name in SAME_TWICE and not request.FILES


def is_shutdown(error: Exception) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in SHUTDOWN


def posted_again(request: HttpRequest) -> dict[str, Any] | None:
    """The path and the fields of a public form that was sent, so that a page can send it again."""
    if request.method != "POST" or request.path.startswith(NOT_A_PUBLIC_FORM) or not request.POST:
        return None
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return {"path": request.get_full_path(), "fields": fields}


def is_back() -> bool:
    """Wait up to WAIT_SECONDS for PostgreSQL to accept connections; returns whether it does."""
    deadline = time.monotonic() + WAIT_SECONDS
    connection.close()
    while True:
        try:
            connection.ensure_connection()  # unlike `connect`, it raises errors of Django
        except OperationalError:
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE_SECONDS)
        else:
            return True
