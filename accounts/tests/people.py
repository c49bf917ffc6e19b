"""People of the back office, logged in."""

import time
from collections.abc import Iterable

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User

VERIFIED = ("password", "mfa")


def member(group: str) -> User:
    """Somebody with one role."""
    user = User.objects.create_user(f"{group.lower()}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def logged_in(user: User, *, steps: Iterable[str] = VERIFIED, seconds_ago: int = 0) -> Client:
    """A browser whose log-in had these steps; no password is hashed and no code computed for it."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    at = time.time() - seconds_ago
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": step, "at": at} for step in steps]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return client
