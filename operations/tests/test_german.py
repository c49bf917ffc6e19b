"""The back office in German: no text of the pages that sales opens first stays English."""

import re
from html.parser import HTMLParser
from zoneinfo import available_timezones

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django_celery_beat.models import PeriodicTask
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.passwords import GuessableValidator
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from branding.fields import ColorField
from hubspot_sync.tests.factories import failed_item
from leads.fields import HoursField
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
    "Segment",
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


# Names of settings and their values, which are no words of either language.
SET = re.compile(
    r"[A-Z_]+$|#[0-9a-f]{6}$|Mo-Fr |Europe/Berlin$|Reality Check|https?://|.*\(m/h/d|brand/"
    r"|Name$|[\d*/,-]+( [\d*/,-]+){4} UTC$"
)


@pytest.mark.parametrize(
    "url",
    [
        "/admin/constance/config/",
        "/admin/django_celery_beat/periodictask/",
        "/admin/auth/group/",
        "/admin/",
    ],
)
def test_what_operators_and_administrators_set_up_is_german(admin_user: User, url: str) -> None:
    client = logged_in(admin_user)
    both = (texts_of(client, url, "en") & texts_of(client, url, "de")) - SAME - available_timezones()
    assert sorted(text for text in both if not DATA.match(text) and not SET.match(text)) == []


def test_a_job_and_its_default_are_told_in_german(admin_user: User) -> None:
    task = PeriodicTask.objects.get(name="hubspot_sync: deliver what is due")
    url = reverse("admin:django_celery_beat_periodictask_change", args=[task.pk])
    found = texts_of(logged_in(admin_user), url, "de")
    assert {"HubSpot: senden, was ansteht", "alle 5 Sekunden"} <= found


def test_a_role_is_told_in_german(admin_user: User) -> None:
    role = Group.objects.get(name="Content editor")
    found = texts_of(logged_in(admin_user), reverse("admin:auth_group_change", args=[role.pk]), "de")
    assert {"Redaktion", "Fragebögen schreiben und veröffentlichen, Experimente durchführen."} <= found


def test_a_refused_setting_is_told_in_german() -> None:
    with translation.override("de"):
        with pytest.raises(ValidationError, match="Bitte so schreiben: Mo-Fr"):
            HoursField().clean("nine to five")
        with pytest.raises(ValidationError, match="Links auf Karten: #ff8800 auf #ffffff hat 2,39:1"):
            ColorField(scheme="light", role="primary").clean("#ff8800")


@pytest.mark.parametrize("password", ["passwordpassword", "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc"])
def test_a_weak_password_is_told_in_german(password: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as english:
        GuessableValidator().validate(password)
    with translation.override("de"), pytest.raises(ValidationError) as german:
        GuessableValidator().validate(password)
    assert german.value.message.startswith("Dieses Passwort ist leicht zu erraten. ")
    assert english.value.message.partition(". ")[2] != german.value.message.partition(". ")[2]


def test_whoever_is_invited_reads_the_language_of_their_host(
    admin_user: User, mailoutbox: list[EmailMessage], settings: Settings
) -> None:
    settings.MAIL_IS_SET_UP = True
    new = {"email": "neu@example.com", "usable_password": "false", "password1": "", "password2": ""}
    logged_in(admin_user).post(reverse("admin:accounts_user_add"), new, headers={"accept-language": "de"})
    [invitation] = mailoutbox
    assert invitation.subject == "Ihre Einladung zu Reality Check"
    assert "Der Link gilt" in invitation.body


def test_who_signs_in_reads_german_from_the_first_page_on(client: Client, admin_user: User) -> None:
    admin = logged_in(admin_user)
    for visitor, url in ((client, reverse("account_login")), (admin, reverse("staff_sessions"))):
        assert texts_of(visitor, url, "en") & texts_of(visitor, url, "de") - SAME == set()
