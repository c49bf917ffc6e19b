"""The tabs of the lead list, its order, its filters, and saved views."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from constance.test import override_config
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.lifecycle.consents import record_choices
from assessments.lifecycle.corrections import change_consent
from assessments.models import Assessment, ConsentSource, Purpose
from assessments.tests.factories import AssessmentFactory, SessionFactory
from leads.business_hours import parse_hours
from leads.clock import clock
from leads.models import ContactOutcome, LeadView
from leads.tabs import first_calls, waiting_calls
from leads.working import claim_leads, follow_up, record_outcome
from scorecard.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db

LEADS = "/admin/leads/lead/"


@pytest.fixture
def round_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sales that never sleeps, so that the clock of a lead is its age."""
    monkeypatch.setattr("leads.clock.business_hours", lambda: parse_hours("Mo-Su 00:00-23:59", "UTC"))


@pytest.fixture
def sam() -> User:
    return member("Sales")


@pytest.fixture
def kim() -> User:
    return User.objects.create_user("kim@example.com", full_name="Kim", is_staff=True)


@pytest.fixture
def client(sam: User) -> Client:
    return logged_in(sam)


def listed(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{LEADS}?{query}")
    assert response.status_code == 200
    return [str(found.email).split("@")[0] for found in response.context["cl"].result_list]


def test_the_list_opens_on_who_is_to_be_called(client: Client, sam: User, kim: User, lead: Any) -> None:
    lead("free")
    claim_leads([lead("taken").pk], kim)
    record_outcome(lead("called").pk, ContactOutcome.REACHED, by=sam)
    lead("doubtful", doubts=["too_fast"])
    lead("scrubbed", email_scrubbed_at=timezone.now())
    assert listed(client) == ["free"]


@pytest.mark.parametrize("query", ["", "tab=call&language=de", "tab=call&q=free", "tab=mine", "tab=all"])
def test_every_view_says_how_many_wait_for_a_call(client: Client, lead: Any, query: str) -> None:
    lead("free")
    lead("other", language="de")
    lead("doubtful", doubts=["too_fast"])
    assert 'data-waiting="2"' in client.get(f"{LEADS}?{query}").content.decode()


def test_who_objects_is_not_called_from_that_moment_on(client: Client, lead: Any) -> None:
    """Whether or not HubSpot has heard of it: it may be away, or hear of the objection alone."""
    lead("free")
    Assessment.objects.filter(pk=lead("objects").pk).update(hubspot_sync_status="synced")
    said = {Purpose.FOLLOW_UP: False}
    record_choices("objects@example.com", said, ConsentSource.PRIVACY_PAGE)
    assert listed(client) == ["free"]
    [called] = first_calls(clock(timezone.now()))
    assert (called.email, waiting_calls()) == ("free@example.com", 1)


def test_where_consent_is_needed_only_who_gave_it_is_called(client: Client, lead: Any) -> None:
    lead("silent")
    lead("agreed")
    record_choices("agreed@example.com", {Purpose.FOLLOW_UP: True}, ConsentSource.PRIVACY_PAGE)
    assert (sorted(listed(client)), waiting_calls()) == (["agreed", "silent"], 2)
    with override_config(HUBSPOT_NEEDS_CONSENT=True):
        assert (listed(client), waiting_calls()) == (["agreed"], 1)


@pytest.mark.usefixtures("round_the_clock")
def test_urgent_ones_come_first_then_better_ones_then_those_in_need(client: Client, lead: Any) -> None:
    lead("fresh-basic", ago=timedelta(minutes=1))
    lead("soon-needy", ago=timedelta(minutes=20), answers="E")
    lead("soon-hot", ago=timedelta(minutes=10), answers="D")
    lead("soon-basic", ago=timedelta(minutes=9))
    lead("old-hot", ago=timedelta(days=9), answers="D")
    assert listed(client) == ["fresh-basic", "soon-needy", "soon-hot", "soon-basic", "old-hot"]


@pytest.mark.usefixtures("round_the_clock")
def test_a_row_says_how_urgent_it_is(client: Client, lead: Any) -> None:
    lead("old", ago=timedelta(days=9))
    page = client.get(LEADS).content.decode()
    assert "Overdue" in page
    assert "9 days" in page


def test_mine_are_those_i_own_and_have_not_closed(client: Client, sam: User, kim: User, lead: Any) -> None:
    mine, kims, won = lead("mine"), lead("kims"), lead("won")
    claim_leads([mine.pk], sam)
    claim_leads([kims.pk], kim)
    record_outcome(won.pk, ContactOutcome.WON, by=sam)
    assert listed(client, "tab=mine") == ["mine"]


def test_follow_ups_are_shown_on_their_day(client: Client, sam: User, kim: User, lead: Any) -> None:
    today = timezone.localdate()
    for name, days in (("yesterday", -1), ("tomorrow", 2)):
        follow_up(lead(name).pk, today + timedelta(days=days), by=sam)
    kims = lead("kims")
    claim_leads([kims.pk], kim)
    follow_up(kims.pk, today - timedelta(days=1), by=kim)
    assert listed(client, "tab=follow_up") == ["yesterday"]


def test_left_unfinished_are_open_ones_with_an_address(
    client: Client, lead: Any, version: QuestionnaireVersion
) -> None:
    lead("finished")
    SessionFactory.create(version=version)
    SessionFactory.create(version=version, email="half@example.com", phone="+44 20 7946 0000", current_step=2)
    page = client.get(f"{LEADS}?tab=unfinished").content.decode()
    assert "half@example.com" in page
    assert "2 of 4 steps" in page
    assert "finished@example.com" not in page
    assert "Not sent" in page


def test_a_row_tells_what_a_caller_needs(client: Client, hot_lead: Assessment) -> None:
    page = client.get(LEADS).content.decode()
    for words in (
        'href="tel:+44-20-7946-0000"',
        "🇬🇧 GB",
        "English",
        "Briefing qualified: score 20, under 60, every detail given",
        "Asked for a result, did not object",
    ):
        assert words in page


def test_who_objected_is_marked_and_not_to_be_called(client: Client, hot_lead: Assessment) -> None:
    said = {Purpose.FOLLOW_UP: False}
    change_consent("ada@engines.example", [hot_lead], said, ConsentSource.STAFF)
    for path in (f"{LEADS}?tab=all", f"{LEADS}{hot_lead.pk}/change/"):
        page = client.get(path).content.decode()
        assert '<span class="bo-error">Objected: do not call</span>' in page
        assert not re.search(r'bo-tag bo-\w+">Call now', page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("owner=none", ["free"]),
        ("outcome=won&outcome=reached", ["hot"]),
        ("outcome=none", ["free"]),
        ("phone=yes", ["hot"]),
        ("score=0-19&score=20-39", ["hot"]),
        ("quality=basic&quality=executive_briefing_qualified", ["hot", "free"]),
        ("source=news.example", ["free"]),
        ("campaign=autumn", ["hot"]),
        ("scrubbed=yes", []),
        ("urgency=overdue", ["hot"]),
        ("outcome=nonsense", []),
        ("area=value_assurance:0-49", ["hot"]),
        ("area=nothing:0-49&area=governance:71-100", ["free"]),
        ("questionnaire=nothing", []),
        ("device=tablet&device=mobile", ["hot", "free"]),
        ("follow_up=none", ["hot", "free"]),
        ("follow_up=overdue", []),
        ("company=muller&company=nobody", ["hot"]),
        ("country=de,GB", ["hot"]),
        ("consent=agreed&consent=objected", []),
        ("consent=callable", ["hot", "free"]),
        ("from=2020-02-30", []),
        ("quality=basic&phone=yes", []),
    ],
)
@pytest.mark.usefixtures("round_the_clock")
def test_filters_take_several_values(
    client: Client, sam: User, lead: Any, query: str, found: list[str]
) -> None:
    hot = lead(
        "hot",
        ago=timedelta(days=9),
        answers="D",
        phone="+44 20 7946 0000",
        company="Müller AG",
        utm={"utm_campaign": "autumn"},
    )
    record_outcome(hot.pk, ContactOutcome.REACHED, by=sam)
    lead("free", ago=timedelta(minutes=2), referrer_source="news.example")
    assert listed(client, f"tab=all&{query}") == found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("tab=all", False),
        ("tab=call", False),
        ("tab=all&doubts=none", False),
        ("tab=all&doubts=test", True),
        ("tab=all&doubts=any", True),
        ("q=ada%40engines.example", True),
    ],
)
def test_tests_are_left_out_until_asked_for(
    client: Client, version: QuestionnaireVersion, query: str, shown: bool
) -> None:
    AssessmentFactory.create(version=version, ada=True, doubts=["test"])
    assert listed(client, query) == (["ada"] if shown else [])


@pytest.mark.usefixtures("round_the_clock")
def test_a_period_of_ones_own_counts_both_days(client: Client, lead: Any) -> None:
    lead("old", ago=timedelta(days=9))
    lead("new", ago=timedelta(days=2))
    day = timezone.localdate(timezone=ZoneInfo("Europe/Berlin")) - timedelta(days=9)
    assert listed(client, f"tab=all&from={day}&until={day}") == ["old"]
    assert listed(client, f"tab=all&from={day}") == ["new", "old"]


def test_a_company_that_was_typed_is_in_no_saved_view(client: Client) -> None:
    client.post(f"{LEADS}views/save/", {"name": "Ours", "query": "tab=all&company=Ada&country=DE"})
    assert LeadView.objects.get().query == "tab=all&country=DE"


def test_active_filters_are_named(client: Client, hot_lead: Assessment) -> None:
    page = client.get(f"{LEADS}?tab=all&quality=basic&quality=enhanced").content.decode()
    assert "Quality: Basic or Enhanced" in page


def test_a_view_is_saved_without_the_search(client: Client, sam: User) -> None:
    query = "tab=all&quality=basic&quality=enhanced&q=Ada&p=2"
    client.post(f"{LEADS}views/save/", {"name": "Small ones", "query": query})
    view = LeadView.objects.get()
    assert (view.owner, view.query) == (sam, "tab=all&quality=basic&quality=enhanced")
    assert "Small ones" in client.get(LEADS).content.decode()


def test_saving_under_a_name_again_replaces_the_view(client: Client) -> None:
    for query in ("tab=all", "tab=mine"):
        client.post(f"{LEADS}views/save/", {"name": "Small ones", "query": query})
    assert LeadView.objects.get().query == "tab=mine"


def test_a_colleagues_view_is_seen_when_shared_and_deleted_by_its_owner_alone(
    client: Client, kim: User
) -> None:
    LeadView.objects.create(owner=kim, name="Private", query="tab=all")
    shared = LeadView.objects.create(owner=kim, name="Shared", query="tab=all", is_shared=True)
    page = client.get(LEADS).content.decode()
    assert "Shared" in page
    assert "Private" not in page
    assert client.post(f"{LEADS}views/{shared.pk}/delete/").status_code == 404


def test_a_view_needs_a_name(client: Client) -> None:
    client.post(f"{LEADS}views/save/", {"name": " ", "query": "tab=all"})
    assert not LeadView.objects.exists()


def test_a_shared_view_that_is_deleted_while_a_colleague_uses_it_stays_on_their_screen(
    client: Client, sam: User, hot_lead: Assessment
) -> None:
    colleague = logged_in(member("Sales lead"))
    view = LeadView.objects.create(owner=sam, name="With a phone", query="tab=all&phone=yes", is_shared=True)
    address = f"{LEADS}?{view.query}"
    assert "With a phone" in colleague.get(address).content.decode()
    for _ in range(2):  # in two windows
        response = client.post(f"{LEADS}views/{view.pk}/delete/", follow=True)
        assert "The view is deleted." in response.content.decode()
    response = colleague.get(address)
    assert [lead.pk for lead in response.context["cl"].result_list] == [hot_lead.pk]
    assert "With a phone" not in response.content.decode()
