"""What a request of a visitor passes through, and what only one of staff does."""

import gc
import weakref

import pytest
from csp.utils import build_policy
from django.test import Client, RequestFactory

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("version")]

POLICY = "Content-Security-Policy"


@pytest.mark.parametrize("path", ["/", "/api/questionnaires", "/resume/", "/nothing-here/"])
def test_a_visitor_has_neither_session_nor_messages_and_is_nobody(client: Client, path: str) -> None:
    request = client.get(path).wsgi_request
    assert not {"session", "_messages"} & set(vars(request))
    assert request.user.is_anonymous


def test_a_browser_of_staff_is_known_on_public_pages(client: Client, django_user_model: type[User]) -> None:
    client.force_login(django_user_model.objects.create(email="ada@engines.example", is_staff=True))
    assert client.get("/").wsgi_request.user.is_staff


def test_the_back_office_has_a_session_before_anybody_signs_in(client: Client) -> None:
    assert {"session", "_messages"} <= set(vars(client.get("/admin/").wsgi_request))


@pytest.mark.parametrize("path", ["/", "/api/questionnaires", "/admin/", "/nothing-here/"])
def test_every_response_carries_the_whole_policy(client: Client, path: str) -> None:
    assert client.get(path)[POLICY] == build_policy()


def test_a_request_of_the_api_is_freed_when_it_is_answered(client: Client) -> None:
    """Otherwise it waits, with all that it holds, for the collector of garbage."""
    environ = RequestFactory().get("/api/questionnaires").environ
    gc.disable()
    try:
        request = weakref.ref(client.handler(environ).wsgi_request)
        assert request() is None
    finally:
        gc.enable()
