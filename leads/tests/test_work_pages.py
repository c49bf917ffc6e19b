"""Working on leads in the admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from leads.models import LeadNote, LeadWork
from leads.working import claim_leads
from tests.tokens import without_tokens

pytestmark = pytest.mark.django_db

LEADS = "/admin/leads/lead/"


@pytest.fixture
def sam() -> User:
    return member("Sales")


@pytest.fixture
def kim() -> User:
    user = User.objects.create_user("kim@example.com", full_name="Kim", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_lead", "work_lead"]))
    return user


@pytest.fixture
def chief() -> User:
    """Leads the team."""
    user = User.objects.create_user("lea@example.com", full_name="Lea", is_staff=True)
    wanted = ["view_lead", "work_lead", "assign_lead"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return user


def act(user: User, lead: Assessment, verb: str, **data: str) -> str:
    """Post a form of the lead page and return the page that follows."""
    address = reverse(f"admin:leads_lead_{verb}", args=[lead.pk])
    response = logged_in(user).post(address, data, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def choose(user: User, action: str, *leads: Assessment) -> str:
    data = {"action": action, "_selected_action": [str(lead.pk) for lead in leads]}
    return str(logged_in(user).post(LEADS, data, follow=True).content.decode())


def owner_of(lead: Assessment) -> User | None:
    return LeadWork.objects.get(pk=lead.pk).owner


def test_a_lead_is_claimed_from_the_list_and_the_list_comes_back(sam: User, hot_lead: Assessment) -> None:
    client = logged_in(sam)
    address = reverse("admin:leads_lead_claim", args=[hot_lead.pk])
    assert f'formaction="{address}"' in client.get(LEADS).content.decode()
    assert client.post(address, {"next": f"{LEADS}?days=7"}).headers["Location"] == f"{LEADS}?days=7"
    assert owner_of(hot_lead) == sam


def test_a_claim_leads_to_no_other_site(sam: User, hot_lead: Assessment) -> None:
    address = reverse("admin:leads_lead_claim", args=[hot_lead.pk])
    response = logged_in(sam).post(address, {"next": "https://evil.example/"})
    assert response.headers["Location"] == reverse("admin:leads_lead_change", args=[hot_lead.pk])


def test_who_claims_too_late_reads_who_has_it(sam: User, kim: User, hot_lead: Assessment) -> None:
    claim_leads([hot_lead.pk], kim)
    assert "Ada Lovelace is already with Kim." in act(sam, hot_lead, "claim")


def test_the_list_says_whose_a_lead_is(sam: User, kim: User, hot_lead: Assessment) -> None:
    claim_leads([hot_lead.pk], kim)
    page = logged_in(sam).get(LEADS).content.decode()
    assert "Kim" in page
    assert "formaction" not in page


def test_several_leads_are_claimed_at_once(sam: User, hot_lead: Assessment, cold_lead: Assessment) -> None:
    assert "2 leads are yours now." in choose(sam, "claim_leads", hot_lead, cold_lead)
    assert {owner_of(hot_lead), owner_of(cold_lead)} == {sam}


def test_a_team_lead_assigns_leads(chief: User, kim: User, hot_lead: Assessment) -> None:
    assert "1 lead assigned to Kim." in choose(chief, f"assign_{kim.pk.hex}", hot_lead)
    assert owner_of(hot_lead) == kim


def test_sales_people_assign_to_nobody(sam: User, kim: User, hot_lead: Assessment) -> None:
    choose(sam, f"assign_{kim.pk.hex}", hot_lead)
    assert not LeadWork.objects.exists()


def test_only_its_owner_or_a_team_lead_gives_a_lead_back(
    sam: User, kim: User, chief: User, hot_lead: Assessment
) -> None:
    claim_leads([hot_lead.pk], kim)
    address = reverse("admin:leads_lead_release", args=[hot_lead.pk])
    assert logged_in(sam).post(address).status_code == 403
    assert "Everybody may claim this lead again." in act(chief, hot_lead, "release")
    assert owner_of(hot_lead) is None


def test_a_contact_is_recorded_with_outcome_follow_up_and_note(sam: User, hot_lead: Assessment) -> None:
    day = timezone.localdate() + timedelta(days=3)
    page = act(
        sam,
        hot_lead,
        "record",
        outcome="reached",
        follow_up_on=day.isoformat(),
        note="Wants <b>prices</b>.",
    )
    work = LeadWork.objects.get()
    assert (work.owner, work.outcome, work.follow_up_on) == (sam, "reached", day)
    assert "Wants &lt;b&gt;prices&lt;/b&gt;." in page
    assert "Outcome: Reached" in page


def test_a_note_alone_records_no_contact(sam: User, hot_lead: Assessment) -> None:
    act(sam, hot_lead, "record", note="Ada is on holiday.")
    work = LeadWork.objects.get()
    assert (work.outcome, work.first_contact_at, work.owner) == ("", None, None)


def test_nothing_that_was_typed_is_lost_to_a_wrong_date(sam: User, hot_lead: Assessment) -> None:
    address = reverse("admin:leads_lead_record", args=[hot_lead.pk])
    response = logged_in(sam).post(address, {"note": "Ada called back.", "follow_up_on": "soon"})
    assert response.status_code == 422
    assert "Ada called back." in response.content.decode()
    assert "Enter a valid date." in response.content.decode()
    assert not LeadNote.objects.exists()


def test_who_may_only_look_works_on_nothing(hot_lead: Assessment) -> None:
    user = User.objects.create_user("vera@example.com", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_lead"))
    client = logged_in(user)
    for verb in ("claim", "release", "record"):
        assert client.post(reverse(f"admin:leads_lead_{verb}", args=[hot_lead.pk])).status_code == 403
    page = client.get(reverse("admin:leads_lead_change", args=[hot_lead.pk])).content.decode()
    assert "Claim" not in without_tokens(page)
    assert "formaction" not in client.get(LEADS).content.decode()


def test_a_lead_that_nobody_has_is_told(sam: User, version: object) -> None:
    unknown = "/admin/leads/lead/00000000-0000-0000-0000-000000000000/record/"
    response = logged_in(sam).post(unknown, {"note": "x"}, follow=True)
    assert "Nothing was saved." in response.content.decode()


def test_who_lost_the_role_while_the_page_was_open_is_refused_in_words(
    sam: User, kim: User, hot_lead: Assessment
) -> None:
    client = logged_in(sam)
    page = reverse("admin:leads_lead_change", args=[hot_lead.pk])
    assert "Claim" in client.get(page).content.decode()
    sam.groups.clear()
    chosen = {"action": f"assign_{kim.pk.hex}", "_selected_action": [str(hot_lead.pk)]}
    answers = [
        *(
            client.post(f"{LEADS}{hot_lead.pk}/{verb}/", {"note": "x"})
            for verb in ("claim", "record", "correct")
        ),
        client.post(LEADS, chosen),
        client.get(page),
        client.get(f"{LEADS}?tab=mine"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert all("Ada" not in without_tokens(answer.content.decode()) for answer in answers)
    assert not LeadWork.objects.exists()
    assert not LeadNote.objects.exists()


def test_who_may_no_longer_assign_is_told_that_nothing_was_done(
    chief: User, kim: User, hot_lead: Assessment
) -> None:
    client = logged_in(chief)
    assert f"assign_{kim.pk.hex}" in client.get(f"{LEADS}?tab=all").content.decode()
    chief.user_permissions.remove(Permission.objects.get(codename="assign_lead"))
    data = {"action": f"assign_{kim.pk.hex}", "_selected_action": [str(hot_lead.pk)]}
    page = client.post(f"{LEADS}?tab=all", data, follow=True).content.decode()
    assert "No action selected." in page
    assert not LeadWork.objects.exists()
