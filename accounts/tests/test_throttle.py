"""Guessing a password: slowed down before it costs us anything, and no way to lock somebody out."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db.models import F
from django.test import Client

from accounts import pauses
from accounts.models import LoginFailures, User

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
PASSWORD = "a fairly long password"
OWN, SHARED = "192.0.2.1", "198.51.100.7"


@pytest.fixture
def sam(db: None) -> User:
    return User.objects.create_superuser("sales@staff.example", PASSWORD)


def guess(address: str, network: str = SHARED, password: str = "wrong", client: Client | None = None) -> str:
    form = {"login": address, "password": password}
    return str((client or Client()).post(LOGIN, form, REMOTE_ADDR=network).content.decode())


def is_let_in(client: Client, address: str, network: str = OWN) -> bool:
    return (
        client.post(LOGIN, {"login": address, "password": PASSWORD}, REMOTE_ADDR=network).status_code == 302
    )


def time_passes(**time: float) -> None:
    """The moments of all failures move into the past."""
    away = timedelta(**time)
    LoginFailures.objects.update(failed_at=F("failed_at") - away, paused_until=F("paused_until") - away)


def test_spellings_of_an_address_are_one_account(sam: User) -> None:
    answers = [guess(address) for address in ["sales@staff.example", "SALES@staff.example"] * 4]
    assert ["Too many failed attempts" in answer for answer in answers] == [False] * 5 + [True] * 3


def test_a_pause_is_told_with_429_and_when_to_come_back(sam: User) -> None:
    form = {"login": sam.email, "password": "wrong"}
    answers = [Client().post(LOGIN, form, REMOTE_ADDR=SHARED) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_a_paused_guess_hashes_nothing(sam: User) -> None:
    with mock.patch("accounts.adapters.authenticate", return_value=None) as authenticate:
        for _ in range(9):
            guess(sam.email)
    assert authenticate.call_count == 5


def test_many_accounts_from_one_network_are_one_guesser() -> None:
    with mock.patch("accounts.adapters.authenticate", return_value=None) as authenticate:
        for number in range(40):
            guess(f"{number}@staff.example", f"2001:db8::{number:x}")
    assert authenticate.call_count == 30


def test_guesses_from_everywhere_slow_down_one_account(sam: User) -> None:
    answers = [guess(sam.email, f"192.0.2.{number}") for number in range(12)]
    assert "Too many failed attempts" in answers[-1]
    time_passes(minutes=2)
    assert is_let_in(Client(), sam.email, "203.0.113.9")


def test_nobody_locks_the_owner_out_of_a_browser_that_knows_them(sam: User) -> None:
    own = Client()
    assert is_let_in(own, sam.email)
    own.get("/admin/account/second-factor/totp/activate/", REMOTE_ADDR=OWN)
    own.post("/admin/account/logout/", REMOTE_ADDR=OWN)
    for number in range(30):
        guess(sam.email, OWN if number % 2 else f"192.0.2.{number}")
    assert not is_let_in(Client(), sam.email)
    assert is_let_in(own, sam.email)


def test_the_right_password_forgets_earlier_slips(sam: User) -> None:
    for _ in range(2):
        for _ in range(4):
            guess(sam.email, OWN)
        assert is_let_in(Client(), sam.email)


def test_no_name_that_was_typed_is_kept(sam: User) -> None:
    guess("typed@somewhere.example")
    stored = str(list(LoginFailures.objects.values()))
    assert LoginFailures.objects.count() == 4
    assert "typed" not in stored
    assert SHARED not in stored


def test_a_day_without_failures_starts_anew(sam: User) -> None:
    for _ in range(7):
        guess(sam.email)
    time_passes(days=1, minutes=1)
    assert is_let_in(Client(), sam.email, SHARED)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 60), (6, 120), (8, 480), (11, 3600), (10**6, 3600)]
)
def test_pauses_double_up_to_their_ceiling(failures: int, seconds: int) -> None:
    assert pauses.PAIR.pause(failures) == timedelta(seconds=seconds)
