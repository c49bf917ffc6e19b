"""Invitations and resets: a mailed link that sets a password once."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as product_settings
from django.core import mail
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.links import password_link, reset_requested, send_invitation
from accounts.models import User
from audit.models import SystemLog
from mailings.models import Mail, MailLine
from mailings.tasks import send_due

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"
RESET = "/admin/account/password/reset/"


@pytest.fixture(autouse=True)
def mail_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_settings, "MAIL_IS_SET_UP", True)
    monkeypatch.setattr(product_settings, "PUBLIC_URL", "https://form.example")


@pytest.fixture
def sam(db: None) -> User:
    return User.objects.create_user("sam@example.com", is_staff=True)


def choose(client: Client, link: str, password: str = PASSWORD) -> Any:
    """Open a link and send the form behind it."""
    page = client.get(link.removeprefix("https://form.example"), follow=True)
    if "password1" not in page.content.decode():
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def ask(address: str) -> None:
    """Ask for a reset, a while after the last one, and let the worker send what is due."""
    Mail.objects.update(key=None)
    reset_requested.send(None, address=address)
    send_due()


def test_an_invitation_sets_the_first_password(client: Client, sam: User) -> None:
    assert send_invitation(sam)
    link = re.search(r"https://form\.example/\S+", str(mail.outbox[0].body))
    assert link
    choose(client, link[0])
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)


def test_a_double_click_sends_one_mail(sam: User) -> None:
    assert [send_invitation(sam) for _ in range(2)] == [True, True]
    assert len(mail.outbox) == 1
    past = timedelta(minutes=2)
    SystemLog.objects.update(created_at=F("created_at") - past)
    send_invitation(sam)
    assert len(mail.outbox) == 2


def test_a_stranger_sends_somebody_a_few_resets_a_day_and_no_more(sam: User) -> None:
    for _ in range(9):
        ask(sam.email)
    assert len(mail.outbox) == 6
    Mail.objects.update(sent_at=F("sent_at") - timedelta(days=1))
    ask(sam.email)
    assert len(mail.outbox) == 7


def test_one_that_the_mail_server_refused_is_sent_at_once_when_asked_again(
    sam: User, settings: Settings, refused_url: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", urlsplit(refused_url).port
    assert not send_invitation(sam)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_invitation(sam)
    assert len(mail.outbox) == 1


def test_a_link_works_once(client: Client, sam: User) -> None:
    link = password_link(sam)
    choose(client, link)
    assert "Bad Token" in choose(Client(), link).content.decode()


def test_a_link_expires(client: Client, sam: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = password_link(sam)
    monkeypatch.setattr(product_settings, "PASSWORD_RESET_TIMEOUT", -1)
    assert "Bad Token" in choose(client, link).content.decode()


def test_a_guessable_password_is_refused(client: Client, sam: User) -> None:
    page = choose(client, password_link(sam), "passwordpassword")
    assert "easy to guess" in page.content.decode()


def test_a_reset_does_and_says_the_same_for_a_stranger(client: Client, sam: User) -> None:
    done = []
    for address in ("SAM@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as statements:
            answer = client.post(RESET, {"email": address}, follow=True)
        done.append((answer.redirect_chain, [each["sql"].partition(" VALUES")[0] for each in statements]))
    assert done[0] == done[1]
    assert mail.outbox == []
    send_due()
    assert [message.to for message in mail.outbox] == [["sam@example.com"]]
    assert list(Mail.objects.order_by("created_at").values_list("status", "address")) == [
        ("sent", None),
        ("cancelled", None),
    ]


def test_a_reset_waits_for_a_mail_server_that_is_away(
    sam: User, settings: Settings, refused_url: str
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", urlsplit(refused_url).port
    ask(sam.email)
    assert Mail.objects.get().status == "waiting"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    MailLine.objects.all().delete()
    Mail.objects.update(next_try_at=timezone.now())
    send_due()
    assert len(mail.outbox) == 1


def test_the_link_of_a_reset_sets_a_password(client: Client, sam: User) -> None:
    ask(sam.email)
    link = re.search(r"https://form\.example/\S+", str(mail.outbox[0].body))
    assert link
    choose(client, link[0])
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)


def test_nobody_resets_the_password_of_who_was_deactivated(sam: User) -> None:
    User.objects.update(is_active=False)
    ask(sam.email)
    assert mail.outbox == []


def test_the_browser_that_used_the_link_is_not_paused_by_guesses_of_others(client: Client, sam: User) -> None:
    choose(client, password_link(sam))
    for number in range(20):
        Client().post(
            "/admin/login/", {"login": sam.email, "password": "no"}, REMOTE_ADDR=f"192.0.2.{number}"
        )
    assert client.post("/admin/login/", {"login": sam.email, "password": PASSWORD}).status_code == 302
