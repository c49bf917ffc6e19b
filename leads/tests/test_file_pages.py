"""Files of a lead: for staff with the right, as attachments, from links that do not last."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment, Upload
from audit.models import SystemLog
from files import content
from files.tests.samples import PDF
from leads.admin import file_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(hot_lead: Assessment) -> Upload:
    made = Upload.objects.create(
        assessment=hot_lead,
        question_key="plan",
        name="Plän.pdf",
        kind="pdf",
        media_type="application/pdf",
        size=len(PDF),
        stored_name=content.new_name(),
        content_key=content.new_key(),
        is_scanned=False,
        attached_at=hot_lead.completed_at,
    )
    content.write(made.stored_name, str(made.content_key), PDF)
    return made


@pytest.fixture
def sam() -> User:
    return member("Sales")


def link(upload: Upload, user: User) -> str:
    token = signing.dumps([str(upload.pk), str(user.pk)], salt=file_pages.SALT)
    return reverse("admin:leads_lead_file", args=[upload.assessment_id, token])


def test_the_page_of_a_lead_links_its_files(upload: Upload, sam: User) -> None:
    client = logged_in(sam)
    page = client.get(reverse("admin:leads_lead_change", args=[upload.assessment_id])).content.decode()
    assert "Plän.pdf" in page
    assert "not checked for viruses" in page
    address = page.split('" download')[0].rsplit('"', 1)[1]
    assert client.get(address).content == PDF


def test_a_file_is_an_attachment_that_runs_nowhere_and_its_download_is_recorded(
    upload: Upload, sam: User
) -> None:
    response = logged_in(sam).get(link(upload, sam))
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''Pl%C3%A4n.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert "no-store" in response.headers["Cache-Control"]
    log = SystemLog.objects.get(event_type="file_downloaded")
    assert (log.data["upload"], log.data["asked_by"]) == (str(upload.pk), f"staff {sam.pk}")


def test_a_link_is_of_one_person(upload: Upload, sam: User) -> None:
    assert logged_in(member("Sales lead")).get(link(upload, sam)).status_code == 404


def test_a_changed_link_opens_nothing(upload: Upload, sam: User) -> None:
    assert logged_in(sam).get(link(upload, sam)[:-3] + "x/").status_code == 404


def test_a_link_that_has_expired_leads_to_a_new_one(
    upload: Upload, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_pages, "SECONDS", -1)
    response = logged_in(sam).get(link(upload, sam))
    assert response.headers["Location"] == reverse("admin:leads_lead_change", args=[upload.assessment_id])


def test_who_may_not_see_leads_may_not_see_their_files(upload: Upload) -> None:
    editor = member("Content editor")
    assert logged_in(editor).get(link(upload, editor)).status_code == 403


def test_nobody_gets_a_file_without_signing_in(upload: Upload, sam: User, client: Client) -> None:
    assert client.get(link(upload, sam)).status_code == 302


def test_a_file_that_the_store_lost_is_told(upload: Upload, sam: User, client: Any) -> None:
    content.remove(upload.stored_name)
    assert logged_in(sam).get(link(upload, sam)).status_code == 302
