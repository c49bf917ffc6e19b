"""Roles."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from accounts.roles import ADMINISTRATOR, ROLES, ROLES_IN_WORDS

pytestmark = pytest.mark.django_db


def held(role: str) -> set[str]:
    permissions = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{found.content_type.app_label}.{found.codename}" for found in permissions}


def migrate() -> None:
    call_command("migrate", verbosity=0)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_holds_exactly_its_permissions(role: str) -> None:
    assert held(role) == set(ROLES[role])


def test_a_fresh_database_gets_the_roles_from_migrate() -> None:
    Group.objects.all().delete()
    Permission.objects.all().delete()
    migrate()
    assert {role: held(role) for role in ROLES} == {role: set(names) for role, names in ROLES.items()}


def test_what_an_admin_granted_by_hand_stays() -> None:
    extra = Permission.objects.get(codename="view_user")
    Group.objects.get(name="Sales").permissions.add(extra)
    migrate()
    assert "accounts.view_user" in held("Sales")


def test_every_permission_belongs_to_an_installed_app() -> None:
    labels = {name.partition(".")[0] for names in ROLES.values() for name in names}
    assert labels <= {app.label for app in apps.get_app_configs()}


def test_every_role_is_told_in_words() -> None:
    assert set(ROLES_IN_WORDS) == {*ROLES, ADMINISTRATOR}
