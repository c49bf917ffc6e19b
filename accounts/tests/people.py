"""People of the back office, logged in."""

from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User


def member(group: str) -> User:
    """Somebody with one role."""
    user = User.objects.create_user(f"{group.lower()}@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
