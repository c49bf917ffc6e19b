"""The second factor of staff: nothing of the back office is seen without it."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import StaffSession, User
from accounts.tests.people import logged_in
from audit.models import SystemLog
from encryption.keys import key_ring

pytestmark = pytest.mark.django_db

PASSWORD = "a fairly long password"
LOGIN = "/admin/login/"
FACTORS = "/admin/account/second-factor/"
ENROL = "/admin/account/second-factor/totp/activate/"
SHOW = "/admin/account/second-factor/authenticate/"
# What a browser without a session may open: all of it leads into one, or out of it.
OPEN = {
    "login",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
}
# And one with a password only: what makes it a verified one.
ON_THE_WAY = OPEN | {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "logout",
}


def code_for(secret: str) -> str:
    """What an authenticator app with this key shows now."""
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))


def sign_in(client: Client, user: User) -> str:
    """The first step: where the browser is sent after the password."""
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD}).headers["Location"]


def enrol(client: Client) -> str:
    """The key that the page shows, confirmed with its first code."""
    page = client.get(ENROL).content.decode()
    found = re.search(r'id="authenticator_secret" value="([A-Z2-7]+)"', page)
    assert found
    assert "data:image/svg+xml;base64," in page
    assert client.post(ENROL, {"code": code_for(found[1])}).status_code == 302
    return found[1]


def patterns(within: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[tuple[str, str]]:
    for each in within:
        here = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each.url_patterns, here)
        else:
            yield here, each.name or ""


def admin_paths() -> list[tuple[str, str]]:
    """Every address below /admin/, with something in each gap, and its name."""
    found = [each for each in patterns(get_resolver().url_patterns) if each[0].startswith("/admin/")]
    return [(filled(path), name) for path, name in found]


def filled(path: str) -> str:
    return re.sub(r"<[^>]+>", "1", re.sub(r"\^\(\?P<\w+>[^)]*\)/\$", "accounts/", path))


@pytest.fixture(autouse=True)
def commits_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a commit happens within its request, as it does outside the transaction of a test."""
    monkeypatch.setattr(transaction, "on_commit", lambda then: then())


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada@example.com", PASSWORD)


def test_the_password_alone_opens_no_page_of_the_admin(ada: User) -> None:
    client = logged_in(ada, steps=["password"])
    paths = admin_paths()
    assert len(paths) > 100
    seen = {path for path, name in paths if name not in ON_THE_WAY and client.get(path).status_code == 200}
    assert seen == set()


def test_nobody_opens_a_page_of_the_admin_without_a_session(client: Client) -> None:
    seen = {path for path, name in admin_paths() if name not in OPEN and client.get(path).status_code == 200}
    assert seen == set()


def test_the_first_log_in_leads_to_enrolment(client: Client, ada: User) -> None:
    assert sign_in(client, ada) == "/admin/"
    assert client.get("/admin/").headers["Location"] == f"{ENROL}?next=/admin/"
    enrol(client)
    assert client.get("/admin/").status_code == 200


def test_the_second_log_in_asks_for_a_code(client: Client, ada: User) -> None:
    sign_in(client, ada)
    secret = enrol(client)
    other = Client()
    assert sign_in(other, ada) == SHOW
    assert other.get("/admin/").status_code == 302
    other.post(SHOW, {"code": code_for(secret)})
    assert other.get("/admin/").status_code == 200


def test_a_code_opens_one_session_only(client: Client, ada: User) -> None:
    sign_in(client, ada)
    secret = enrol(client)
    code = code_for(secret)
    for browser, status in ((Client(), 200), (Client(), 302)):
        sign_in(browser, ada)
        browser.post(SHOW, {"code": code})
        assert browser.get("/admin/").status_code == status


def test_a_recovery_code_stands_in_once(client: Client, ada: User) -> None:
    sign_in(client, ada)
    enrol(client)
    code = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()[0]
    assert code in client.get("/admin/account/second-factor/recovery-codes/").content.decode()
    for browser, status in ((Client(), 200), (Client(), 302)):
        sign_in(browser, ada)
        browser.post(SHOW, {"code": code})
        assert browser.get("/admin/").status_code == status


def test_a_password_alone_adds_no_second_key(client: Client, ada: User) -> None:
    sign_in(client, ada)
    enrol(client)
    stolen = logged_in(ada, steps=["password"])
    for page in (f"{FACTORS}webauthn/add/", f"{FACTORS}recovery-codes/generate/", "/admin/"):
        assert stolen.get(page).headers["Location"].startswith(f"{FACTORS}reauthenticate/")


def test_keys_are_sealed_in_the_database(client: Client, ada: User) -> None:
    sign_in(client, ada)
    secret = enrol(client)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert stored.count("\\x01") == 2


def test_on_a_laptop_one_password_is_enough_and_the_home_page_says_so(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "STAFF_SECOND_FACTOR", "optional")
    sign_in(client, ada)
    assert "A second factor is optional here" in client.get("/admin/").content.decode()


def test_whoever_has_a_factor_shows_it_on_a_laptop_too(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "STAFF_SECOND_FACTOR", "optional")
    sign_in(client, ada)
    enrol(client)
    assert sign_in(Client(), ada) == SHOW
    assert logged_in(ada, steps=["password"]).get("/admin/").status_code == 302


def test_the_last_factor_cannot_be_taken_away_where_one_is_required(client: Client, ada: User) -> None:
    sign_in(client, ada)
    enrol(client)
    page = client.post("/admin/account/second-factor/totp/deactivate/")
    assert "You cannot deactivate two-factor authentication" in page.content.decode()
    assert Authenticator.objects.filter(user=ada, type="totp").exists()


def test_a_session_tells_its_device_and_whose_it_is(client: Client, ada: User) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 marvin"
    client.post(LOGIN, {"login": ada.email, "password": PASSWORD}, headers={"User-Agent": agent})
    assert StaffSession.objects.values_list("user", "device").get() == (ada.pk, "Firefox 128 on Linux")


def test_reset_mfa_leads_to_enrolment_again_and_is_recorded(client: Client, ada: User) -> None:
    sign_in(client, ada)
    enrol(client)
    call_command("reset_mfa", "ADA@example.com")
    assert client.get("/admin/").status_code == 302
    assert sign_in(Client(), ada) == "/admin/"
    assert SystemLog.objects.get(event_type="second_factor_reset").data["user"] == str(ada.pk)


def test_reset_mfa_of_nobody_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("reset_mfa", "nobody@example.com")


def test_a_secret_is_encrypted_with_the_new_key_when_it_is_used(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, ada)
    secret = enrol(client)
    new = "new-key-" * 8
    monkeypatch.setattr(settings, "FIELD_ENCRYPTION_KEYS", [new, *settings.FIELD_ENCRYPTION_KEYS])
    other = Client()
    sign_in(other, ada)
    other.post(SHOW, {"code": code_for(secret)})
    monkeypatch.setattr(settings, "FIELD_ENCRYPTION_KEYS", [new])
    assert Authenticator.objects.get(user=ada, type="totp").data["secret"].startswith(key_ring().prefix)


def test_a_secret_whose_key_is_gone_opens_nothing(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, ada)
    secret = enrol(client)
    monkeypatch.setattr(settings, "FIELD_ENCRYPTION_KEYS", ["another-key-" * 8])
    other = Client()
    sign_in(other, ada)
    assert "Incorrect code" in other.post(SHOW, {"code": code_for(secret)}).content.decode()


@pytest.mark.parametrize(("wrong", "status"), [(4, 200), (5, 302)])
def test_codes_are_not_guessed_without_end(client: Client, ada: User, wrong: int, status: int) -> None:
    """Whoever has the password has five guesses; then even a right code waits, in any browser."""
    sign_in(client, ada)
    enrol(client)
    right = Authenticator.objects.get(user=ada, type="recovery_codes").wrap().get_unused_codes()[0]
    for guess in range(wrong):
        guesser = Client()
        sign_in(guesser, ada)
        guesser.post(SHOW, {"code": f"00000{guess}"})
    guesser = Client()
    sign_in(guesser, ada)
    guesser.post(SHOW, {"code": right})
    assert guesser.get("/admin/").status_code == status
