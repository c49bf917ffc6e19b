"""Test and staging never reach real people: by mail, nor by the account of HubSpot that sales works with."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from config.tests.test_settings import read

MAIL = {"EMAIL_URL": "smtp+tls://mail.example.com", "DEFAULT_FROM_EMAIL": "no@example.com"}
GUARD = "config.production.mail_guard.GuardedBackend"


@pytest.mark.parametrize("name", ["staging", "test"])
def test_a_guarded_environment_sends_by_the_guard(name: str) -> None:
    assert read(ENVIRONMENT=name, **MAIL)["EMAIL_BACKEND"] == GUARD


def test_production_sends_to_everybody() -> None:
    found = read(**MAIL)
    assert (found["ENVIRONMENT"], "smtp" in found["EMAIL_BACKEND"]) == ("production", True)


@pytest.mark.parametrize("name", ["staging", "test"])
def test_a_guarded_environment_does_not_start_with_the_real_hubspot(name: str) -> None:
    with pytest.raises(SystemExit, match="HUBSPOT_TOKEN would reach HubSpot itself"):
        read(ENVIRONMENT=name, HUBSPOT_TOKEN="pat-1")
    assert read(ENVIRONMENT=name, HUBSPOT_TOKEN="pat-1", HUBSPOT_IS_TEST_ACCOUNT="true")
    assert read(ENVIRONMENT=name, HUBSPOT_TOKEN="pat-1", HUBSPOT_BASE_URL="http://127.0.0.1:9")
    assert read(ENVIRONMENT="production", HUBSPOT_TOKEN="pat-1")


def test_an_unknown_environment_and_a_name_for_an_address_are_refused() -> None:
    with pytest.raises(SystemExit, match="ENVIRONMENT is none of its choices"):
        read(ENVIRONMENT="prod")
    with pytest.raises(SystemExit, match="MAIL_ONLY_TO holds something other"):
        read(MAIL_ONLY_TO="example.com")


@pytest.fixture
def guarded(settings: Settings) -> None:
    settings.GUARDED_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_BACKEND = GUARD
    settings.MAIL_ONLY_TO = ["sam@example.com", "@ours.example"]


@pytest.mark.usefixtures("guarded")
def test_only_those_who_are_named_get_mail() -> None:
    others = ("ada@engines.example", "x@ours.example.evil.example")
    for to in (*others, "Sam <SAM@example.com>", "olga@ours.example"):
        EmailMessage("subject", "text", "from@example.com", [to]).send()
    assert [message.to[0] for message in mail.outbox] == ["Sam <SAM@example.com>", "olga@ours.example"]


@pytest.mark.usefixtures("guarded")
def test_copies_are_guarded_too() -> None:
    message = EmailMessage("subject", "text", "from@example.com", ["sam@example.com"])
    message.bcc, message.cc = ["ada@engines.example"], ["grace@compilers.example"]
    message.send()
    assert mail.outbox[0].recipients() == ["sam@example.com"]
