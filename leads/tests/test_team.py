"""How the team does, and who looked at whom."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from audit.models import SystemLog
from leads.models import ContactOutcome, LeadEvent, LeadWork
from leads.team import recent_owners, team_panel
from leads.tests.factories import LeadWorkFactory
from leads.working import claim_leads, record_outcome

pytestmark = pytest.mark.django_db

SYSTEM_LOG = "/admin/audit/systemlog/"


@pytest.fixture
def sam() -> User:
    return member("Sales")


@pytest.fixture
def chief() -> User:
    return member("Sales lead")


def test_the_team_is_seen_with_its_times(sam: User, hot_lead: Assessment, cold_lead: Assessment) -> None:
    claim_leads([hot_lead.pk], sam)
    record_outcome(cold_lead.pk, ContactOutcome.WON, by=sam)
    finished = timezone.now() - timedelta(minutes=12, seconds=30)
    Assessment.objects.filter(pk=cold_lead.pk).update(completed_at=finished)
    (row,) = recent_owners(timezone.now())
    assert (row.open, row.contacted, row.won, row.speed) == (1, 1, 1, "12 min")


def test_a_team_lead_finds_it_on_the_home_page(chief: User, sam: User, hot_lead: Assessment) -> None:
    claim_leads([hot_lead.pk], sam)
    words = "Median time to first contact"
    assert words in logged_in(chief).get("/admin/").content.decode()
    assert words not in logged_in(sam).get("/admin/").content.decode()


def test_a_name_is_shown_as_it_is_written(sam: User, hot_lead: Assessment) -> None:
    User.objects.filter(pk=sam.pk).update(full_name="Sam <b>O'Neil</b>")
    claim_leads([hot_lead.pk], sam)
    rows = team_panel(timezone.now())["rows"]
    assert '<th scope="row">Sam &lt;b&gt;O&#x27;Neil&lt;/b&gt;</th>' in rows


def test_a_team_lead_assigns(chief: User, sam: User, hot_lead: Assessment) -> None:
    data = {"action": f"assign_{sam.pk.hex}", "_selected_action": [str(hot_lead.pk)]}
    logged_in(chief).post("/admin/leads/lead/", data)
    assert LeadWork.objects.get().owner == sam


def test_who_looks_at_a_lead_is_recorded(sales: Client, hot_lead: Assessment) -> None:
    sales.get(reverse("admin:leads_lead_change", args=[hot_lead.pk]))
    event = LeadEvent.objects.get()
    assert (event.kind, event.actor) == ("viewed", User.objects.get(email="sales@example.com"))


def test_a_look_at_a_scrubbed_lead_is_none_at_a_person(sales: Client, erased_lead: Assessment) -> None:
    sales.get(reverse("admin:leads_lead_change", args=[erased_lead.pk]))
    assert not LeadEvent.objects.exists()


def test_a_search_is_recorded_without_its_words(sales: Client, hot_lead: Assessment) -> None:
    sales.get("/admin/leads/lead/?q=Lovelace")
    log = SystemLog.objects.get(event_type="leads_searched")
    assert "Lovelace" not in f"{log.message} {log.data}"
    assert log.data["asked_by"].startswith("staff ")


def views() -> list[SystemLog]:
    return list(SystemLog.objects.filter(event_type="leads_viewed").order_by("pk"))


def test_a_look_at_the_list_is_recorded_without_what_it_was_narrowed_to(
    sales: Client, hot_lead: Assessment
) -> None:
    sales.get("/admin/leads/lead/?tab=all&category=alert")
    [view] = views()
    assert view.data == {"asked_by": f"staff {User.objects.get(email='sales@example.com').pk}"}
    assert "alert" not in view.message


def test_a_list_that_refreshes_itself_is_one_view_an_hour_and_person(
    sales: Client, chief: User, hot_lead: Assessment
) -> None:
    for client in (sales, sales, logged_in(chief)):
        client.get("/admin/leads/lead/")
    assert len(views()) == 2
    SystemLog.objects.update(created_at=timezone.now() - timedelta(hours=1, seconds=1))
    sales.get("/admin/leads/lead/")
    assert len(views()) == 3


def test_who_sees_no_contact_data_views_none(hot_lead: Assessment) -> None:
    logged_in(member("Operator")).get("/admin/leads/lead/")
    assert views() == []


def test_a_list_of_scrubbed_leads_shows_nobody(sales: Client, erased_lead: Assessment) -> None:
    assert sales.get("/admin/leads/lead/?tab=all").context["cl"].result_list
    assert views() == []


def test_privacy_sees_who_viewed_a_list(sales: Client, hot_lead: Assessment) -> None:
    sales.get("/admin/leads/lead/")
    assert "A list of leads was viewed" in logged_in(member("Privacy")).get(SYSTEM_LOG).content.decode()


def test_of_very_many_leads_those_taken_last_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.team.MOST", 2)
    for name, days in (("Ada", 3), ("Bo", 2), ("Cy", 1)):
        LeadWorkFactory.create(owner__full_name=name, owned_at=timezone.now() - timedelta(days=days))
    panel = team_panel(timezone.now())
    assert (re.findall('row">(.*?)<', panel["rows"]), panel["most"]) == (["Bo", "Cy"], 2)
