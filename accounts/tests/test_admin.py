"""Users and groups in the back office."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import StaffSession, User
from accounts.tests.people import logged_in
from accounts.user_forms import UserForm

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/user/add/"
PASSWORD = "correct horse battery staple"


def new_user(**fields: Any) -> dict[str, Any]:
    return {
        "email": "Sam@Example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_staff": "on",
    } | fields


def test_an_admin_adds_a_user_by_address_and_password(admin_client: Client) -> None:
    sales = Group.objects.get(name="Sales")
    response = admin_client.post(ADD, new_user(groups=[sales.pk]))
    assert response.status_code == 302
    sam = User.objects.get(email="sam@example.com")
    assert sam.check_password(PASSWORD)
    assert list(sam.groups.all()) == [sales]


def test_a_second_spelling_of_an_address_is_refused_in_words(admin_client: Client) -> None:
    User.objects.create_user("sam@example.com")
    response = admin_client.post(ADD, new_user())
    assert "User with this E-mail already exists." in response.content.decode()


def test_a_short_password_is_refused(admin_client: Client) -> None:
    response = admin_client.post(ADD, new_user(password1="short", password2="short"))
    assert "at least 15 characters" in response.content.decode()
    assert not User.objects.filter(email="sam@example.com").exists()


def test_a_user_can_be_renamed_without_a_new_password(admin_client: Client) -> None:
    sam = User.objects.create_user("sam@example.com", PASSWORD, is_staff=True)
    change = reverse("admin:accounts_user_change", args=[sam.pk])
    fields = {"email": "SAM@new.example", "full_name": "Sam", "is_active": "on", "is_staff": "on"}
    assert admin_client.post(change, fields).status_code == 302
    sam.refresh_from_db()
    assert (sam.email, sam.check_password(PASSWORD)) == ("sam@new.example", True)


def test_the_password_page_works(admin_client: Client) -> None:
    sam = User.objects.create_user("sam@example.com")
    page = f"/admin/accounts/user/{sam.pk}/password/"
    fields = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin_client.post(page, fields).status_code == 302
    sam.refresh_from_db()
    assert sam.check_password(PASSWORD)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_takes_a_fixed_number_of_queries(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        User.objects.create_user(f"{number}@example.com")
    admin_client.get("/admin/accounts/user/")
    with django_assert_num_queries(7):
        admin_client.get("/admin/accounts/user/")


CHANGER = "colin@example.com"


def change_form(user: User, **fields: Any) -> dict[str, Any]:
    own = {"email": user.email, "full_name": user.full_name}
    own |= {right: "on" for right in ("is_active", "is_staff", "is_superuser") if getattr(user, right)}
    return {name: value for name, value in (own | fields).items() if value != "off"}


def page_of(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


@pytest.fixture
def colin(db: None) -> User:
    """Colin may view and change users, and nothing else."""
    user = User.objects.create_user(CHANGER, PASSWORD, is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=["view_user", "change_user", "add_user"])
    )
    return user


def test_whoever_may_change_users_cannot_make_themselves_a_superuser(colin: User) -> None:
    group = Group.objects.get(name="Operator")
    form = change_form(colin, is_superuser="on", groups=[group.pk], email="other@example.com")
    logged_in(colin).post(page_of(colin), form)
    colin.refresh_from_db()
    assert (colin.is_superuser, colin.email, colin.groups.count()) == (False, CHANGER, 0)


def test_nor_set_the_password_of_anybody(colin: User, admin_user: User) -> None:
    sam = User.objects.create_user("sam@example.com", PASSWORD, is_staff=True)
    other = "another long password"
    for user in (admin_user, sam):
        page = logged_in(colin).post(f"/admin/accounts/user/{user.pk}/password/", passwords(other))
        assert page.status_code == 403
        user.refresh_from_db()
        assert not user.check_password(other)


def passwords(password: str) -> dict[str, str]:
    return {"usable_password": "true", "password1": password, "password2": password}


def test_nor_change_a_superuser(colin: User, admin_user: User) -> None:
    logged_in(colin).post(page_of(admin_user), change_form(admin_user, is_active="off"))
    admin_user.refresh_from_db()
    assert admin_user.is_active


def test_nor_add_somebody_with_rights(colin: User) -> None:
    operators = Group.objects.get(name="Operator")
    logged_in(colin).post(ADD, new_user(groups=[operators.pk]))
    sam = User.objects.get(email="sam@example.com")
    assert (sam.is_staff, sam.groups.count()) == (False, 0)


@pytest.mark.parametrize("right", ["is_active", "is_staff", "is_superuser"])
def test_nobody_locks_themselves_out(admin_client: Client, admin_user: User, right: str) -> None:
    User.objects.create_superuser("second@example.com")
    page = admin_client.post(page_of(admin_user), change_form(admin_user, **{right: "off"}))
    assert "You cannot take away your own access" in page.content.decode()


def test_nobody_takes_away_the_last_administrator(admin_client: Client, admin_user: User) -> None:
    last = User.objects.create_superuser("last@example.com")
    client = logged_in(admin_user)
    User.objects.filter(pk=admin_user.pk).update(is_staff=True, is_superuser=True)
    assert client.post(page_of(last), change_form(last, is_superuser="off")).status_code == 302
    form = UserForm(change_form(admin_user, is_active="off"), instance=admin_user)
    form.changed_by = last
    assert not form.is_valid()
    assert "This is the last administrator" in str(form.errors)


def test_users_are_never_deleted_and_their_trail_stays(admin_client: Client, admin_user: User) -> None:
    sam = User.objects.create_user("sam@example.com")
    admin_client.post(page_of(sam), change_form(sam, full_name="Sam"))
    assert admin_client.post(f"/admin/accounts/user/{sam.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [str(sam.pk)], "post": "yes"}
    admin_client.post("/admin/accounts/user/", action)
    assert User.objects.filter(pk=sam.pk).exists()
    assert LogEntry.objects.filter(object_id=str(sam.pk), user=admin_user).exists()


def test_who_is_deactivated_is_logged_out_everywhere(admin_client: Client) -> None:
    sam = User.objects.create_superuser("sam@example.com")
    there = logged_in(sam)
    admin_client.post(page_of(sam), change_form(sam, is_active="off"))
    assert there.get("/admin/").status_code == 302
    assert not StaffSession.objects.filter(user=sam).exists()


def test_a_user_without_a_password_is_invited(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MAIL_IS_SET_UP", True)
    admin_client.post(ADD, new_user(usable_password="false", password1="", password2=""))
    assert [message.to for message in mail.outbox] == [["sam@example.com"]]
