"""Test users: one for each role that stays, and others that expire.

They are marked, `User.objects` leaves them out, and their addresses end with DOMAIN, where nobody gets mail.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import StaffSession, User
from accounts.roles import ADMINISTRATOR, ROLES
from audit.models import SystemLog
from exports.models import Export
from leads.models import LeadNote, LeadView, LeadWork
from queues.database_clock import database_now

DOMAIN = "test.example"
LIFETIME = timedelta(hours=24)
PERSISTENT = (ADMINISTRATOR, *ROLES)
OWN_ROWS: dict[type[Any], str] = {
    Export: "owner",
    LeadView: "owner",
    LeadNote: "author",
    StaffSession: "user",
}


@dataclass(frozen=True, slots=True)
class NewUser:
    """A new test user, with the password that is shown once."""

    user: User
    password: str


def address_of(role: str) -> str:
    return f"test-{role.lower().replace(' ', '-')}@{DOMAIN}"


def missing_roles() -> list[str]:
    """The roles whose test user is not there."""
    known = set(persistent().values_list("email", flat=True))
    return [role for role in PERSISTENT if address_of(role) not in known]


def persistent() -> Any:
    return User.everyone.filter(is_test=True, expires_at=None)


def expired() -> Any:
    return User.everyone.filter(is_test=True, expires_at__lte=Now())


def create_persistent(role: str) -> NewUser:
    """Create the test user of a role. Raises IntegrityError where somebody has this address."""
    return create(address_of(role), role)


def create_ephemeral(role: str, lifetime: timedelta = LIFETIME) -> NewUser:
    """Create a test user who cannot log in after `lifetime`, and is then deleted."""
    address = f"test-{secrets.token_hex(6)}@{DOMAIN}"
    return create(address, role, expires_at=database_now() + lifetime)


def create(address: str, role: str, **columns: Any) -> NewUser:
    password = secrets.token_urlsafe(18)
    with transaction.atomic():
        user = User.everyone.create_user(
            address, password, full_name=f"Test {role}", is_staff=True, is_test=True, **columns
        )
        user.groups.set([Group.objects.get(name=role)])
    return NewUser(user, password)


def renew_password(user: User) -> NewUser:
    """Give a test user a new password, and take away their second factors."""
    password = secrets.token_urlsafe(18)
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        Authenticator.objects.filter(user=user).delete()
    return NewUser(user, password)


def reset() -> dict[str, int]:
    """Give the test users that stay back their roles, and clear what they left; {table: rows}.

    Who did what to a lead, and what was published, stays.
    """
    cleared: dict[str, int] = {}
    for user in persistent():
        with transaction.atomic():
            restore(user)
            for table, rows in clear(user).items():
                cleared[table] = cleared.get(table, 0) + rows
    if any(cleared.values()):
        SystemLog.objects.record("test_users_reset", "Test users were reset", **cleared)
    return cleared


def restore(user: User) -> None:
    """Bring name, role and rights back to how the user was created."""
    roles = [role for role in PERSISTENT if address_of(role) == user.email]
    user.full_name = f"Test {roles[0]}" if roles else user.full_name
    user.is_active, user.is_staff, user.is_superuser = True, True, False
    user.save(update_fields=["full_name", "is_active", "is_staff", "is_superuser"])
    user.groups.set(Group.objects.filter(name__in=roles))
    user.user_permissions.clear()


def clear(user: User) -> dict[str, int]:
    """Delete a user's sessions, views, files and notes, and give their leads back; {table: rows}."""
    cleared = {}
    for model, column in OWN_ROWS.items():
        rows = model.objects.filter(**{column: user})
        cleared[model._meta.db_table] = rows.count()
        rows.delete()
    released = LeadWork.objects.filter(owner=user).update(owner=None, owned_at=None)
    return {**cleared, LeadWork._meta.db_table: released}


def delete_expired() -> int:
    """Delete the test users who have expired, each with what they left; return how many."""
    return delete(expired())


def delete(users: Iterable[User]) -> int:
    deleted = 0
    for user in users:
        with transaction.atomic():
            clear(user)
            rows, _ = User.everyone.filter(pk=user.pk, is_test=True).delete()
        deleted += bool(rows)
    if deleted:
        SystemLog.objects.record("test_users_deleted", "Test users were deleted", users=deleted)
    return deleted
