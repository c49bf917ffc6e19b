"""Certificates in the admin: to read, never to write."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from privacy.clearing.scrub import scrub
from privacy.models import ScrubCertificate

pytestmark = pytest.mark.django_db

LIST = "/admin/privacy/scrubcertificate/"


@pytest.fixture
def sealed(hot_lead: Assessment) -> ScrubCertificate:
    Assessment.objects.update(created_at=timezone.now() - timedelta(days=31))
    scrub()
    return ScrubCertificate.objects.get()


def test_an_operator_reads_what_was_cleared(operator: Client, sealed: ScrubCertificate) -> None:
    assert "Nothing was left" in operator.get(LIST).content.decode()
    page = operator.get(f"{LIST}{sealed.pk}/change/").content.decode()
    assert "assessments.email: 1" in page
    assert re.search(r"EMAIL_RETENTION_DAYS: \d+ \w+ \d{4}, \d\d:\d\d UTC", page)
    assert sealed.hash in page


def test_an_open_one_is_under_way(operator: Client) -> None:
    ScrubCertificate.objects.create(map_version="")
    assert "Under way" in operator.get(LIST).content.decode()


def test_nobody_writes_them(admin_client: Client, sealed: ScrubCertificate) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.get(f"{LIST}{sealed.pk}/delete/").status_code == 403
    admin_client.post(f"{LIST}{sealed.pk}/change/", {"unconfirmed": 0})
    assert ScrubCertificate.objects.get().unconfirmed == 1


def test_sales_do_not_see_them(sales: Client) -> None:
    assert sales.get(LIST).status_code == 403
