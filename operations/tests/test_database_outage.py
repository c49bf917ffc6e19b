"""Pages while PostgreSQL restarts: tried again where nothing was written, else 503 with Retry-After."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from unittest import mock

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from audit.models import SystemLog
from config import urls
from operations.doctor.gauges import row
from operations.middleware.database_outage import DatabaseOutageMiddleware, posted_again

pytestmark = pytest.mark.django_db(transaction=True)


def cut_the_connection() -> None:
    """What a restart of PostgreSQL does to the statement that comes next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


class View:
    """Reads and writes in `steps`; at "cut" the connection is lost, at the first attempt only."""

    def __init__(self, *steps: str) -> None:
        self.steps, self.attempts = steps, 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.attempts += 1
        for step in self.steps:
            self.take(step)
        return HttpResponse("done")

    def take(self, step: str) -> None:
        if step == "cut" and self.attempts == 1:
            cut_the_connection()
        elif step == "read":
            SystemLog.objects.count()
        elif step == "read with a timeout":
            row(connection, "SELECT 1")
        elif step == "write":
            SystemLog.objects.record("test", "written")
        elif step == "write and lose the commit":
            with transaction.atomic():
                SystemLog.objects.record("test", "written")
                self.take("cut")
        elif step == "write and cut":
            with transaction.atomic():
                SystemLog.objects.record("test", "written")
                self.take("cut")
                SystemLog.objects.count()


view: Any = View()
urlpatterns = [
    path("page/", lambda request: view(request)),
    path("answers/", lambda request: view(request), name="step"),
    *urls.urlpatterns,
]


def answer_of(*steps: str, page: str = "/page/", **sent: Any) -> tuple[int, int, int]:
    """Status, attempts, rows written."""
    global view
    view = View(*steps)
    with mock.patch("operations.middleware.database_outage.WAIT_SECONDS", 2.0):
        status = Client().post(page, sent).status_code
    connection.close()
    return status, view.attempts, SystemLog.objects.filter(event_type="test").count()


@pytest.fixture(autouse=True)
def only_this_page(settings: object) -> Iterator[None]:
    middleware = ["operations.middleware.database_outage.DatabaseOutageMiddleware"]
    with mock.patch.multiple("django.conf.settings", ROOT_URLCONF=__name__, MIDDLEWARE=middleware):
        yield


def test_a_request_that_had_only_read_is_tried_again() -> None:
    assert answer_of("read", "cut", "read", "write") == (200, 2, 1)


def test_a_read_with_a_timeout_of_its_own_is_no_write() -> None:
    assert answer_of("read with a timeout", "cut", "read", "write") == (200, 2, 1)


def test_what_was_rolled_back_with_the_connection_was_not_written() -> None:
    assert answer_of("write and cut") == (200, 2, 1)


def test_what_was_shut_down_before_its_commit_was_not_written() -> None:
    assert answer_of("write and lose the commit") == (200, 2, 1)


def test_a_request_that_had_written_is_not_repeated() -> None:
    assert answer_of("write", "cut", "read") == (503, 1, 1)


def test_a_step_that_had_written_is_repeated_as_it_stores_the_same_again() -> None:
    assert answer_of("write", "cut", "read", page="/answers/", governance_1="B") == (200, 2, 2)


def test_a_step_with_a_file_is_not_repeated_once_it_had_written() -> None:
    assert answer_of("write", "cut", "read", page="/answers/", proof=BytesIO(b"%PDF")) == (503, 1, 1)


def test_a_refused_statement_is_told_as_an_outage_and_not_repeated() -> None:
    failing = mock.Mock(side_effect=OperationalError("could not extend file: No space left on device"))
    response = outage(failing)
    assert (response.status_code, failing.call_count) == (503, 1)
    assert int(response["Retry-After"]) > 0


def test_a_fault_of_ours_is_no_outage() -> None:
    assert DatabaseOutageMiddleware(HttpResponse).process_exception(HttpRequest(), ValueError()) is None


def outage(page: Any) -> Any:
    global view
    view = page
    connection.ensure_connection()
    return Client().get("/page/")


def test_while_postgresql_stays_away_the_answer_comes_in_time() -> None:
    request = RequestFactory().get("/")
    connection.close()
    with (
        mock.patch("operations.middleware.database_outage.WAIT_SECONDS", 0.3),
        mock.patch.object(connection, "get_new_connection", side_effect=psycopg.OperationalError),
    ):
        middleware = DatabaseOutageMiddleware(lambda _: HttpResponse(status=503))
        assert middleware(request).status_code == 503


def test_a_form_that_may_have_been_saved_stays_on_the_page() -> None:
    global view
    view = View("write", "cut", "read")
    with mock.patch("operations.middleware.database_outage.WAIT_SECONDS", 2.0):
        answer = Client().post("/page/?step=2", {"governance_1": "B", "company": '"M&M" <Labs>'})
    connection.close()
    page = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"
    assert '<form method="post" action="/page/?step=2">' in page
    assert '<input type="hidden" name="governance_1" value="B">' in page
    assert 'value="&quot;M&amp;M&quot; &lt;Labs&gt;"' in page
    assert "Send again" in page


@pytest.mark.parametrize("path", ["/admin/persons/", "/api/assessment/start"])
def test_forms_of_the_back_office_and_calls_of_the_api_are_not_sent_again(path: str) -> None:
    assert posted_again(RequestFactory().post(path, {"email": "ada@engines.example"})) is None
