"""Names of roles and permissions in forms and filters."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.user_forms import OWN, permission_in_words, role_in_words

pytestmark = pytest.mark.django_db


def permission(codename: str) -> Permission:
    return Permission.objects.select_related("content_type").get(codename=codename)


def test_a_role_is_named_in_german_and_a_group_of_ones_own_as_it_is() -> None:
    with translation.override("de"):
        assert role_in_words(Group(name="Operator")) == "Betrieb"
        assert role_in_words(Group(name="Night shift")) == "Night shift"


def test_permissions_are_told_in_german() -> None:
    with translation.override("de"):
        assert permission_in_words(permission("view_lead")) == "Leads | Lead | ansehen"
        assert permission_in_words(permission("export_leads")).endswith("| Leads exportieren")


def test_every_permission_that_is_not_on_rows_alone_has_words() -> None:
    on_rows = ("add_", "change_", "delete_", "view_")
    own = [each for each in Permission.objects.all() if not each.codename.startswith(on_rows)]
    assert {each.name for each in own} == set(OWN)


def test_users_are_filtered_by_the_german_name_of_a_role(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:accounts_user_changelist"), headers={"accept-language": "de"})
    assert "Vertriebsleitung" in page.content.decode()
