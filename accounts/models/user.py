"""Users: sales staff, admins and, later, clients of an organisation. Test users are marked.

`User.objects` leaves test users out, so that no list, figure or mail of ours has them unasked. Log-in, the
admin and foreign keys use `User.everyone`.
"""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from encryption.email_addresses import canonical_address, stored_spellings


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=canonical_address(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address, in whichever spelling. Raises DoesNotExist."""
        user = self.filter(email__in=list(stored_spellings(username or ""))).first()
        if user is None:
            raise self.model.DoesNotExist
        return user

    def staff_with(self, permission: str) -> "models.QuerySet[User]":
        """Return active staff with a permission ("app.codename"), by role, directly or as superuser."""
        label, _, codename = permission.partition(".")
        granted = Q(is_superuser=True)
        for path in ("groups__permissions", "user_permissions"):
            granted |= Q(**{f"{path}__content_type__app_label": label, f"{path}__codename": codename})
        found = self.filter(granted, is_active=True, is_staff=True)
        return self.filter(pk__in=found.values("pk")).order_by("full_name", "email")


class RealUserManager(UserManager):
    def get_queryset(self) -> "models.QuerySet[User]":
        return super().get_queryset().filter(is_test=False)


class User(AbstractBaseUser, PermissionsMixin):
    """A user who logs in with an e-mail address, stored in its canonical form."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail", max_length=255, unique=True)
    full_name = models.CharField(max_length=255, blank=True)
    is_staff = models.BooleanField("may enter the admin", default=False)
    is_active = models.BooleanField("active", default=True)
    is_test = models.BooleanField("test user", default=False, db_default=False, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)  # when a test user is deleted; null: stays
    created_at = models.DateTimeField(auto_now_add=True)
    # In which they last opened the back office: that of mails to them and of their exports.
    language = models.CharField(max_length=10, default="en", db_default="en", editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    everyone = UserManager()
    objects = RealUserManager()

    class Meta:
        db_table = "users"
        default_manager_name = "everyone"
        constraints = [
            models.CheckConstraint(name="users_email_lower", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="users_only_tests_expire", condition=Q(is_test=True) | Q(expires_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name().split("@")[0].split()[0]

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()
