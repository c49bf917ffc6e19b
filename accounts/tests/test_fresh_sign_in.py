"""Some pages ask again who it is."""

import pytest
from django.conf import settings

from accounts.models import User
from accounts.tests.people import logged_in, member

pytestmark = pytest.mark.django_db

ASKING = ("/admin/constance/config/", "/admin/accounts/user/", "/admin/auth/group/", "/admin/persons/")


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada@example.com", "a fairly long password")


@pytest.mark.parametrize("path", ASKING)
def test_a_sign_in_of_this_morning_is_not_enough(ada: User, path: str) -> None:
    assert logged_in(ada).get(path).status_code == 200
    stale = logged_in(ada, seconds_ago=20 * 60).get(path)
    assert stale.headers["Location"] == f"/admin/account/reauthenticate/?next={path}"


def test_a_form_opened_in_time_may_be_sent_a_little_later(ada: User) -> None:
    page = logged_in(ada, seconds_ago=20 * 60).post("/admin/persons/", {"email": "x@example.com"})
    assert page.status_code == 200
    late = logged_in(ada, seconds_ago=40 * 60).post("/admin/persons/", {"email": "x@example.com"})
    assert late.status_code == 302


def test_the_list_of_leads_does_not_ask(ada: User) -> None:
    assert logged_in(ada, seconds_ago=3600).get("/admin/leads/lead/").status_code == 200


def test_the_password_proves_it_for_whoever_has_no_factor(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "STAFF_SECOND_FACTOR", "optional")
    stale = logged_in(ada, steps=["password"], seconds_ago=3600)
    assert stale.get("/admin/persons/").status_code == 302
    stale.post("/admin/account/reauthenticate/", {"password": "a fairly long password"})
    assert stale.get("/admin/persons/").status_code == 200


def test_the_password_alone_does_not_prove_it_for_whoever_has_one(ada: User) -> None:
    stale = logged_in(ada, seconds_ago=3600)
    stale.post("/admin/account/reauthenticate/", {"password": "a fairly long password"})
    assert stale.get("/admin/persons/").status_code == 302


def test_an_export_asks_too() -> None:
    paula = logged_in(member("Privacy"), seconds_ago=3600)
    assert paula.post("/admin/persons/", {"email": "x@example.com", "do": "export"}).status_code == 302
