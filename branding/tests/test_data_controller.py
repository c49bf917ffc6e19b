"""Who answers for the data, wherever data is spoken of."""

from collections.abc import Callable
from typing import Any

import pytest
from constance import config
from django.test import Client

from assessments.models import Assessment, PrivacyLink
from assessments.tests.factories import ADA
from mailings.models import MailKind
from mailings.rendering import message
from privacy.datamap.checks import check_controller

pytestmark = pytest.mark.django_db

NAME, CONTACT = "Engines & Sons Ltd\n1 Mill Lane, London", "privacy@engines.example"
SHOWN = "Engines &amp; Sons Ltd<br>1 Mill Lane, London"
TO_STAFF = "Set CONTROLLER and PRIVACY_CONTACT"


@pytest.fixture
def named() -> None:
    config.CONTROLLER, config.PRIVACY_CONTACT = NAME, CONTACT


def text_of(response: Any) -> str:
    return str(response.content.decode())


def yours(client: Client, assessment: Assessment) -> Client:
    client.get(f"/privacy/open/{PrivacyLink.objects.make(assessment, address=ADA['email'])}/")
    return client


PAGES: dict[str, Callable[[Client, Assessment], Any]] = {
    "landing": lambda client, assessment: client.get("/"),
    "page": lambda client, assessment: client.get("/privacy/"),
    "asked": lambda client, assessment: client.post("/privacy/ask/", {"email": "a@x.example"}),
    "no key": lambda client, assessment: client.get("/privacy/yours/"),
    "yours": lambda client, assessment: yours(client, assessment).get("/privacy/yours/"),
    "download": lambda client, assessment: yours(client, assessment).get("/privacy/yours/download/html/"),
    "erased": lambda client, assessment: yours(client, assessment).post(
        "/privacy/yours/erase/", {"sure": "1"}, follow=True
    ),
}


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("page", PAGES)
def test_every_privacy_page_names_who_answers(client: Client, hot_lead: Assessment, page: str) -> None:
    text = text_of(PAGES[page](client, hot_lead))
    assert SHOWN in text
    assert f'href="mailto:{CONTACT}"' in text


@pytest.mark.usefixtures("named")
def test_every_mail_names_who_answers(hot_lead: Assessment) -> None:
    mail = message(MailKind.PRIVACY_LINK, hot_lead, ADA["email"])
    assert NAME in mail.body
    assert CONTACT in mail.body
    assert SHOWN in str(mail.alternatives[0][0])


def test_without_a_name_the_postal_address_stands_for_it(client: Client, settings: Any) -> None:
    settings.POSTAL_ADDRESS = "1 Engine Road"
    assert "1 Engine Road" in text_of(client.get("/privacy/"))


def test_with_neither_only_staff_read_what_to_do(client: Client, sales: Client) -> None:
    assert TO_STAFF in text_of(sales.get("/privacy/"))
    assert "Responsible" not in text_of(client.get("/privacy/"))
    assert TO_STAFF not in text_of(client.get("/privacy/"))


def test_the_check_of_a_deployment_asks_for_a_name() -> None:
    [warning] = check_controller(None)
    assert "set CONTROLLER" in warning.msg
    config.CONTROLLER = NAME
    assert check_controller(None) == []
