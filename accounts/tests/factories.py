"""Users, sessions and failures for tests. People with a role: accounts/tests/people.py."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from datetime import timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyFunction, Sequence, SubFactory, Trait
from factory.django import DjangoModelFactory

from accounts.models import LoginFailures, StaffSession, User


class UserFactory(DjangoModelFactory[User]):
    """Somebody of the staff without a role; `test` is a test user who expires."""

    class Meta:
        model = User

    class Params:
        test = Trait(is_test=True, expires_at=LazyFunction(lambda: timezone.now() + timedelta(hours=24)))

    email = Sequence(lambda number: f"colleague{number}@staff.example")
    full_name = "Sam Sales"
    is_staff = True

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return User.everyone.create_user(**kwargs)


class StaffSessionFactory(DjangoModelFactory[StaffSession]):
    class Meta:
        model = StaffSession

    user = SubFactory(UserFactory)
    session_key = Sequence(lambda number: f"session-{number}")
    session_data = ""
    began_at = LazyFunction(timezone.now)
    expire_date = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class LoginFailuresFactory(DjangoModelFactory[LoginFailures]):
    class Meta:
        model = LoginFailures

    key = Sequence(lambda number: f"key-{number}")
    failures = 1
    failed_at = LazyFunction(timezone.now)
    paused_until = LazyFunction(timezone.now)
