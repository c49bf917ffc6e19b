"""Sessions of staff: they end by themselves, and their owner ends them."""

import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import StaffSession, User
from accounts.session_store import BEGAN, SEEN
from accounts.tests.people import logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada@example.com")


def the_session() -> StaffSession:
    return StaffSession.objects.get()


def test_it_ends_without_activity(ada: User) -> None:
    logged_in(ada)
    idle = the_session().expire_date - timezone.now()
    assert abs(idle - timedelta(minutes=settings.STAFF_IDLE_MINUTES)) < timedelta(minutes=1)


def test_activity_prolongs_it_but_not_beyond_the_day(ada: User) -> None:
    client = logged_in(ada)
    session = client.session
    session[BEGAN] = time.time() - settings.SESSION_COOKIE_AGE + 600
    session[SEEN] = time.time() - 120
    session.save()
    assert client.get("/admin/").status_code == 200
    left = the_session().expire_date - timezone.now()
    assert timedelta(minutes=8) < left < timedelta(minutes=11)


def test_looking_around_writes_once_a_minute(ada: User) -> None:
    client = logged_in(ada)
    before = the_session().seen_at
    client.get("/admin/")
    assert the_session().seen_at == before


def test_an_expired_one_opens_nothing(ada: User) -> None:
    client = logged_in(ada)
    StaffSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/admin/").status_code == 302


def test_browsers_take_the_cookies_of_production(ada: User, settings: Settings) -> None:
    """The prefix `__Host-` demands Secure, the path / and no domain: otherwise a browser drops the cookie."""
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    ada.set_password("a long password of Ada's")
    ada.save()
    client = Client()
    client.get("/admin/login/", secure=True)
    client.post("/admin/login/", {"login": ada.email, "password": "a long password of Ada's"}, secure=True)
    client.get("/admin/logout/", secure=True)
    sent = client.cookies.values()
    assert {"__Host-sessionid", "__Host-csrftoken"} <= client.cookies.keys()
    assert "messages" not in client.cookies
    own = [each for each in sent if each.key.startswith("__Host-")]
    assert [each.key for each in own if not each["secure"] or each["path"] != "/" or each["domain"]] == []
    assert [each.key for each in own if not each["httponly"] or not each["samesite"]] == []


def test_one_sees_and_ends_the_others(ada: User) -> None:
    here, there = logged_in(ada), logged_in(ada)
    assert "(this one)" in here.get("/admin/account/sessions/").content.decode()
    here.post("/admin/account/sessions/")
    assert there.get("/admin/").status_code == 302
    assert here.get("/admin/").status_code == 200


def test_nobody_ends_the_sessions_of_another(ada: User) -> None:
    bob = logged_in(User.objects.create_superuser("bob@example.com"))
    logged_in(ada).post("/admin/account/sessions/")
    assert bob.get("/admin/").status_code == 200


def test_a_stranger_sees_none(client: Client) -> None:
    assert client.get("/admin/account/sessions/").status_code == 302
