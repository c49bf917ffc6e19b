"""django-allauth adapters for staff: no sign-up, encrypted secrets, and one rule for reauthentication."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User
from accounts.throttle import Attempt, Paused
from branding.brand import current_brand
from encryption.keys import KeyMissing, key_ring
from web.client_address import client_hash

logger = logging.getLogger(__name__)

COLUMN = "authenticator"  # the associated data of an encrypted secret


SECRETS = ("secret", "seed")  # keys of an authenticator's data


def encrypt_anew(sender: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Receiver of `authenticator_used`: re-encrypt secrets of an older key with the current one."""
    current_prefix, adapter = key_ring().prefix, SecondFactorAdapter()
    old = {
        name: value
        for name, value in authenticator.data.items()
        if name in SECRETS and not value.startswith(current_prefix)
    }
    if old:
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
            row.data |= {name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()}
            row.save(update_fields=["data"])


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's keyed daily hash, which django-allauth counts by in place of the IP address."""
        return client_hash(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user with this address and password. Raises ValidationError, before hashing, if throttled."""
        attempt = Attempt(request, credentials["email"])
        try:
            attempt.start()
        except Paused as paused:
            request.paused_seconds = paused.seconds  # type: ignore[attr-defined]  # read by accounts/urls.py
            raise ValidationError(
                _("Too many failed attempts. Try again in %(seconds)d seconds, or reset your password.")
                % {"seconds": paused.seconds}
            ) from paused
        user = authenticate(request, **credentials)
        if user is None or (isinstance(user, User) and user.is_expired):
            return None
        attempt.succeed()
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        return bool(self.authenticate(context.request, email=user.get_username(), password=password) == user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Required for changes of the user's own password and factors."""
        return not second_factor.is_fresh(context.request, second_factor.FRESH_SECONDS)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The second factor if there is one: a password alone must not add another factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"].startswith("mfa")]
        return factors or methods


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return str(current_brand().name)

    def encrypt(self, text: str) -> str:
        """Encrypt a TOTP key or the seed of recovery codes."""
        return key_ring().encrypt(COLUMN, text, searchable=False)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret; a random one, which no code matches, if FIELD_ENCRYPTION_KEYS lacks its key."""
        try:
            return key_ring().decrypt(COLUMN, encrypted_text, searchable=False)
        except KeyMissing:
            logger.error("A second factor was encrypted under a key that is gone: see reset_mfa")
            return generate_totp_secret()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether it may be removed: not the last one while a second factor is required."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.FACTORS)
        return not second_factor.is_required() or others.exclude(pk=authenticator.pk).exists()
