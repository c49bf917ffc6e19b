"""The first page of the privacy officer, and the person log behind it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment, SuppressedAddress
from hubspot_sync.models import HubSpotErasure
from leads.models import EventKind
from leads.working import add_event
from privacy.models import ScrubCertificate
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return logged_in(member("Privacy"))


def home(client: Client) -> str:
    return " ".join(client.get("/admin/").content.decode().split())


def open_erasure(days_ago: int) -> None:
    line = SuppressedAddress.objects.suppress("ada@engines.example")
    SuppressedAddress.objects.update(erased_at=timezone.now() - timedelta(days=days_ago))
    HubSpotErasure.objects.create(erasure=line, address="ada@engines.example")


def test_who_has_nothing_to_do_is_told_so(officer: Client) -> None:
    page = home(officer)
    assert "No erasure is open" in page
    assert "The scrub runs every hour" in page
    assert "Nobody opened a lead so far" in page


def test_an_open_erasure_says_by_when_it_must_be_answered(officer: Client) -> None:
    open_erasure(days_ago=10)
    due = timezone.now() + timedelta(days=20)
    page = home(officer)
    assert "1 erasure not yet confirmed by HubSpot" in page
    assert f"{due:%B} {due.year}" in page
    assert "this has passed" not in page


def test_an_erasure_that_is_overdue_is_called_so(officer: Client) -> None:
    open_erasure(days_ago=31)
    assert "this has passed" in home(officer)


def test_the_last_certificate_is_named(officer: Client) -> None:
    certificate = ScrubCertificate.objects.create(map_version="1", counts={"assessments": {"rows": 3}})
    certificate.seal(complete=True)
    assert "Certificate 1</a>" in home(officer)
    assert "3 rows cleared. Nothing that was due is left." in home(officer)


def test_it_tells_who_opened_a_lead_but_not_whose(officer: Client, hot_lead: Assessment) -> None:
    add_event(hot_lead.pk, EventKind.VIEWED, User.objects.create_user("sam@example.com"), detail="Ada")
    for page in (home(officer), officer.get("/admin/leads/leadevent/").content.decode()):
        assert "sam@example.com" in page
        assert "contact details shown" in page.lower()
        assert "Ada" not in without_tokens(page)
        assert "Lovelace" not in page


def test_sales_see_no_person_log(sales: Client) -> None:
    assert sales.get("/admin/leads/leadevent/").status_code == 403
    assert "Who looked at whom" not in home(sales)


def test_the_officer_opens_the_data_map(officer: Client) -> None:
    assert officer.get("/admin/data-map/").status_code == 200
