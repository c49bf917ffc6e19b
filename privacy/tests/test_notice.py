"""The privacy text says what the data map says."""

import pytest
from constance import config
from django.test import Client
from pytest_django.fixtures import Settings

from privacy.datamap.tables import TABLES
from privacy.datamap.vocabulary import DataClass
from privacy.pages.notice import SUBJECTS

pytestmark = pytest.mark.django_db
OF_A_PERSON = {DataClass.PERSONAL, DataClass.PSEUDONYMOUS, DataClass.ANSWER}
OF_STAFF = {"django_admin_log", "login_failures"}


def test_no_table_that_knows_a_visitor_is_left_out() -> None:
    told = {table for subject in SUBJECTS for table in subject.tables}
    knowing = {
        name
        for name, table in TABLES.items()
        if any(column.kind in OF_A_PERSON for column in table.columns.values())
    }
    assert told == knowing - OF_STAFF


def test_days_and_recipients_are_those_that_hold(client: Client) -> None:
    config.EMAIL_RETENTION_DAYS, config.UNFINISHED_RETENTION_DAYS = 17, 3
    page = client.get("/privacy/notice/").content.decode()
    assert "After 17 days we automatically erase" in page
    assert "<dd>until it closes; with an e-mail address 3 days longer</dd>" in page
    assert "our customer system HubSpot (HubSpot, Inc., USA), our mail server. They get only" in page


def test_it_says_when_contact_details_leave(client: Client) -> None:
    page = client.get("/privacy/notice/").content.decode()
    assert "when you finish, or when your session ends if you agreed to be contacted" in page
    assert "even if you do not finish" not in page
    config.EARLY_HANDOVER_ENABLED = True
    page = client.get("/privacy/notice/").content.decode()
    assert "as soon as you go on to the next page, even if you do not finish" in page


def test_it_says_when_hubspot_asks_first(client: Client) -> None:
    assert b"and agree to be contacted" not in client.get("/privacy/notice/").content
    config.HUBSPOT_NEEDS_CONSENT = True
    assert b"and agree to be contacted" in client.get("/privacy/notice/").content


def test_it_promises_encryption_only_where_there_is_a_key(client: Client, settings: Settings) -> None:
    assert b"are encrypted" in client.get("/privacy/notice/").content
    settings.FIELD_ENCRYPTION_KEYS = ["none"]
    assert b"are encrypted" not in client.get("/privacy/notice/").content


def test_it_begins_with_who_is_responsible(client: Client) -> None:
    config.CONTROLLER, config.PRIVACY_CONTACT = "Analytical Engines Ltd", "privacy@engines.example"
    page = client.get("/privacy/notice/").content.decode()
    assert page.index("Analytical Engines Ltd") < page.index("In short")


def test_years_are_told_as_years(client: Client) -> None:
    config.ERASURE_PROOF_DAYS = 3 * 365
    page = client.get("/privacy/notice/").content.decode()
    assert "<dd>3 years</dd>" in page
    config.ERASURE_PROOF_DAYS = 3 * 365 + 1
    assert "<dd>1096 days</dd>" in client.get("/privacy/notice/").content.decode()
