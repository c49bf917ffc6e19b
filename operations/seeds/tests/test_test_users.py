"""Test users: left out by default, reset at night, deleted when they expire."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import StaffSession, User
from accounts.tests.people import logged_in, member
from assessments.models import Assessment
from exports.models import Export
from leads.figures.counting import figures_of
from leads.figures.period import Span
from leads.figures.segment import Segment
from leads.models import LeadEvent, LeadNote, LeadView, LeadWork
from operations.seeds import users
from operations.tasks import delete_expired_test_users, reset_test_users

pytestmark = pytest.mark.django_db

RESET: set[Any] = {Export, LeadView, LeadNote, LeadWork, StaffSession}
STAYS = {
    *("LeadEvent", "LogEntry", "Authenticator", "EmailAddress"),
    *("Questionnaire", "QuestionnaireVersion", "ScheduledPublication"),
}


def test_what_refers_to_a_user_is_reset_or_stays_on_purpose() -> None:
    relations: list[Any] = [each for each in User._meta.get_fields(include_hidden=True) if each.one_to_many]
    tables = {each.related_model for each in relations if not each.related_model._meta.auto_created}
    assert {model.__name__ for model in tables} == {model.__name__ for model in RESET} | STAYS


def test_queries_leave_test_users_out() -> None:
    users.create_persistent("Sales")
    real = member("Sales lead")
    assert list(User.objects.all()) == [real]
    assert list(User.objects.staff_with("leads.work_lead")) == [real]


def test_the_list_of_users_leaves_them_out_unless_asked(admin_client: Client) -> None:
    user = users.create_persistent("Sales").user
    pages = {
        query: admin_client.get(f"/admin/accounts/user/{query}").content.decode()
        for query in ("", "?tests=all", "?tests=only")
    }
    assert [user.email in page for page in pages.values()] == [False, True, True]
    assert admin_client.get(f"/admin/accounts/user/{user.pk}/change/").status_code == 200


def test_a_test_user_counts_in_no_table_of_owners(hot_lead: Assessment) -> None:
    user = users.create_persistent("Sales").user
    LeadWork.objects.create(assessment=hot_lead, owner=user, owned_at=timezone.now())
    today = timezone.now().date()
    assert figures_of(Span(today, today), Segment())["owners"] == []


def test_a_reset_clears_what_they_left_and_keeps_the_history(hot_lead: Assessment) -> None:
    user = users.create_persistent("Sales").user
    logged_in(user)
    LeadWork.objects.create(assessment=hot_lead, owner=user, owned_at=timezone.now())
    LeadNote.objects.create(assessment=hot_lead, author=user, text="a note")
    LeadView.objects.create(owner=user, name="mine", query="tab=all")
    Export.objects.create(owner=user, kind="leads", format="csv")
    LeadEvent.objects.create(assessment=hot_lead, actor=user, kind="claimed")
    reset_test_users()
    assert [model.__name__ for model in RESET - {LeadWork} if model.objects.exists()] == []
    assert LeadWork.objects.get().owner is None
    assert LeadEvent.objects.get().actor == user


def test_a_reset_leaves_everybody_else_alone() -> None:
    real, short = member("Sales"), users.create_ephemeral("Privacy").user
    logged_in(real)
    users.reset()
    assert StaffSession.objects.filter(user=real).exists()
    assert (real.groups.get().name, short.groups.get().name) == ("Sales", "Privacy")


def test_who_has_expired_is_deleted_and_logged_out() -> None:
    over = users.create_ephemeral("Sales", timedelta(hours=-1)).user
    stays = {users.create_ephemeral("Sales").user, users.create_persistent("Sales").user, member("Sales")}
    logged_in(over)
    delete_expired_test_users()
    assert set(User.everyone.all()) == stays
    assert not StaffSession.objects.exists()


@pytest.mark.parametrize(("hours", "status"), [(1, 302), (-1, 200)])
def test_who_has_expired_cannot_log_in_even_before(hours: int, status: int) -> None:
    new = users.create_ephemeral("Sales", timedelta(hours=hours))
    entered = {"login": new.user.email, "password": new.password}
    assert Client().post("/admin/login/", entered).status_code == status


def test_only_test_users_expire() -> None:
    with pytest.raises(IntegrityError):
        User.objects.create_user("ada@engines.example", expires_at=timezone.now())
