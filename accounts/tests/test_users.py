"""People who log in."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import RequestFactory

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_an_address_logs_in_whatever_its_case() -> None:
    User.objects.create_user("Ada@Engines.example", "a long enough password")
    request = RequestFactory().post("/admin/login/")
    assert authenticate(request, username="ADA@engines.example", password="a long enough password")


@pytest.mark.parametrize(
    "typed", ["Chef@Müller.example", "chef@xn--mller-kva.example", "chef@mu\u0308ller.example"]
)
def test_an_address_logs_in_however_its_domain_is_written(typed: str) -> None:
    """Chromium sends the domain of an e-mail field in ASCII, whatever was typed."""
    user = User.objects.create_user("chef@müller.example")
    assert user.email == "chef@xn--mller-kva.example"
    assert User.objects.get_by_natural_key(typed) == user


def test_an_address_stored_by_an_older_release_logs_in(db: None) -> None:
    User.objects.bulk_create([User(email="chef@müller.example")])
    assert User.objects.get_by_natural_key("chef@xn--mller-kva.example").email == "chef@müller.example"


def test_the_database_keeps_one_spelling_of_an_address() -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(email="Ada@Engines.example")


def test_the_first_admin_is_told_the_password_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_first_admin")
    assert "password:" in capsys.readouterr().out
    call_command("create_first_admin")
    assert capsys.readouterr().out == ""
    assert User.objects.filter(is_superuser=True).count() == 1


@pytest.mark.parametrize(
    ("user", "short"),
    [(User(email="ada@b.io", full_name="Ada Lovelace"), "Ada"), (User(email="ada@b.io"), "ada")],
)
def test_people_are_greeted_by_a_short_name(user: User, short: str) -> None:
    assert user.get_short_name() == short


@pytest.mark.parametrize("value", ["ada", "Ada <ada@example.com>", "ada@example.com, bob@example.com"])
def test_a_wrong_address_of_the_first_admin_is_named_in_one_line(
    db: None, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ADMIN_EMAIL", value)
    with pytest.raises(CommandError, match=r"^ADMIN_EMAIL is not an e-mail address"):
        call_command("create_first_admin")
    assert not User.objects.exists()


def test_an_empty_address_of_the_first_admin_is_the_default(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADMIN_EMAIL", "")
    call_command("create_first_admin")
    assert User.objects.get().email == "admin@localhost.localdomain"
