"""Pages of the back office that say no, or show nothing, and what they advise."""

import os
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import ROLES
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from config.tests.processes import PROJECT
from privacy.models import ScrubCertificate
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def privacy() -> Client:
    """Pia answers people who ask what we store about them."""
    return logged_in(member("Privacy"))


def test_a_page_that_is_not_there_says_so_in_the_frame_of_the_back_office(sales: Client) -> None:
    answer = sales.get("/admin/leads/nothing/")
    assert answer.status_code == 404
    assert "This page does not exist" in answer.content.decode()
    assert 'id="nav-sidebar"' in answer.content.decode()


def test_a_page_of_another_role_says_who_can_help(sales: Client) -> None:
    answer = sales.get(reverse("admin:audit_systemlog_changelist"))
    assert answer.status_code == 403
    assert "An administrator can give you a role that does." in answer.content.decode()


def test_prospects_see_no_frame_of_the_back_office(client: Client) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "nav-sidebar" not in answer.content.decode()


def test_the_privacy_role_has_a_first_page(privacy: Client) -> None:
    page = privacy.get("/admin/").content.decode()
    assert "you have no role yet" not in page
    assert f'<p><a href="{reverse("persons")}">' in page


def test_staff_without_a_role_read_whom_to_ask(db: None) -> None:
    page = logged_in(User.objects.create_user("new@example.com", is_staff=True)).get("/admin/")
    assert ", ".join(ROLES) in page.content.decode()


def test_a_label_is_words_on_the_page_of_a_row(operator: Client) -> None:
    certificate = ScrubCertificate.objects.create(map_version="")
    page = operator.get(reverse("admin:privacy_scrubcertificate_change", args=[certificate.pk]))
    assert "Under way" in page.content.decode()
    assert "(&#x27;open&#x27;" not in page.content.decode()


def test_an_empty_list_advises_nothing_that_cannot_be_done(sales: Client, hot_lead: Assessment) -> None:
    empty = sales.get(reverse("admin:mailings_mail_changelist")).content.decode()
    assert "There is nothing here yet." in empty
    assert "Create" not in without_tokens(empty)
    searched = sales.get("/admin/leads/lead/?q=nobody").content.decode()
    assert "Nothing matches your search and filters." in searched


def test_a_list_that_shows_all_offers_no_link_to_all(sales: Client, hot_lead: Assessment) -> None:
    assert "Show all" not in sales.get("/admin/leads/lead/").content.decode()
    assert "Show all" in sales.get("/admin/leads/lead/?q=Ada").content.decode()


@pytest.mark.parametrize(("traceback_pages", "django_pages"), [("", False), ("true", True)])
def test_development_shows_our_error_pages_unless_tracebacks_are_asked_for(
    traceback_pages: str, django_pages: bool
) -> None:
    asked = {"TRACEBACK_PAGES": traceback_pages} if traceback_pages else {}
    command = "from django.conf import settings as s; print(s.DEVELOPMENT, s.DEBUG)"
    printed = subprocess.run(
        [sys.executable, "-c", command],
        cwd=PROJECT,
        env={**os.environ, **asked, "DEBUG": "true", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.split() == ["True", str(django_pages)]
