"""The back office in German: no text of the pages that sales opens first stays English."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from hubspot_sync.tests.factories import failed_item
from leads.models import ContactOutcome
from leads.working import add_note, record_outcome
from scorecard.published_names import band_names

pytestmark = pytest.mark.django_db

ATTRIBUTES = ("aria-label", "placeholder", "title")
WORD = re.compile(r"[A-Za-z]{3}")
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "rect", "path", "wbr"}
# What both languages write alike, and the data of the lead and of its questionnaire.
SAME = {
    "1 lead",
    "8:00 min",
    "Bot",
    "Desktop",
    "Deutsch",
    "English",
    "HubSpot",
    "In HubSpot",
    "Lead",
    "Leads",
}
SAME |= {
    "Deal",
    "Webhooks",
    "Mails",
    "Reality Check",
    "System",
    "Tablet",
    "esc",
    "Briefing",
    "governance",
    "alert",
    "pending",
}
SAME |= {"Jan", "Feb", "Apr", "Jun", "Jul", "Aug", "Sep", "Nov"}
DATA = re.compile(r"(, )?(Ada|Analytical|AI Reality|Bitte am)|.*@|.*: \d+-\d+$|[a-z]+_[a-z_0-9]+$")


class Texts(HTMLParser):
    """Collects the texts of a page but those in a language of their own, in icons, code and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.left_out = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = tag != "html" and "lang" in given
        if tag not in VOID and (
            self.left_out
            or own
            or tag in ("script", "style", "code")
            or "material-symbols" in (given.get("class") or "")
        ):
            self.left_out += 1
        elif not self.left_out and given.get("type") != "hidden" and tag not in ("option", "meta"):
            self.found |= {" ".join((given.get(name) or "").split()) for name in ATTRIBUTES}

    def handle_endtag(self, tag: str) -> None:
        if self.left_out and tag not in VOID:
            self.left_out -= 1

    def handle_data(self, data: str) -> None:
        if not self.left_out:
            self.found.add(" ".join(data.split()))


def texts_of(client: Client, url: str, language: str) -> set[str]:
    response = client.get(url, headers={"accept-language": language})
    assert (response.status_code, response["Content-Language"]) == (200, language)
    return {text for text in Texts(response.content.decode()).found if WORD.search(text)}


@pytest.fixture
def sam() -> User:
    return member("Sales lead")


@pytest.mark.parametrize("page", ["list", "mine", "lead", "home", "figures"])
def test_no_text_stays_english(sam: User, hot_lead: Assessment, page: str) -> None:
    if page in ("mine", "lead"):
        add_note(hot_lead.pk, "Bitte am Vormittag.", by=sam)
        record_outcome(hot_lead.pk, ContactOutcome.NO_ANSWER, by=sam)
    url = {
        "list": reverse("admin:leads_lead_changelist"),
        "mine": reverse("admin:leads_lead_changelist") + "?tab=mine&outcome=no_answer",
        "lead": reverse("admin:leads_lead_change", args=[hot_lead.pk]),
        "home": reverse("admin:index"),
        "figures": reverse("admin:leads_figures"),
    }[page]
    client = logged_in(sam)
    both = texts_of(client, url, "en") & texts_of(client, url, "de")
    bands = {*band_names().values(), "20 Early Stage"}
    assert sorted(text for text in both - SAME - bands if not DATA.match(text)) == []


def test_the_pages_of_privacy_and_operators_are_german(hot_lead: Assessment) -> None:
    admin = User.objects.create_superuser("admin@example.com")
    client = logged_in(admin)
    failed_item(hot_lead)
    for url in (
        "/admin/data-map/",
        "/admin/persons/",
        *(
            reverse(f"admin:{name}_changelist")
            for name in (
                "hubspot_sync_syncqueueitem",
                "hubspot_sync_hubspoterasure",
                "mailings_mail",
                "webhooks_webhookcall",
                "exports_export",
                "privacy_scrubcertificate",
                "leads_leadevent",
                "experiments_experiment",
            )
        ),
    ):
        both = texts_of(client, url, "en") & texts_of(client, url, "de")
        assert sorted(text for text in both - SAME if not DATA.match(text)) == [], url


def test_who_signs_in_reads_german_from_the_first_page_on(client: Client, admin_user: User) -> None:
    admin = logged_in(admin_user)
    for visitor, url in ((client, reverse("account_login")), (admin, reverse("staff_sessions"))):
        assert texts_of(visitor, url, "en") & texts_of(visitor, url, "de") - SAME == set()
