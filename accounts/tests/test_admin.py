"""Users and groups in the back office."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User

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
