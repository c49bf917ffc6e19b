"""How django-allauth logs staff in: nobody signs up, secrets are sealed, and freshness has one rule."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest
from django.urls import reverse

from accounts import second_factor
from branding.brand import current
from encryption.sealing import ring
from web import client_address

COLUMN = "authenticator"  # what a sealed secret is bound to


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's network: one household holds a whole /64."""
        return client_address.network(client_address.address(request))

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        return bool(self.authenticate(context.request, email=user.get_username(), password=password) == user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Before a change of one's own factors and password."""
        return not second_factor.is_fresh(context.request, settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """The second factor where there is one: a password alone must not add another factor."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [method for method in methods if method["id"].startswith("mfa")]
        return factors or methods


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return str(current().name)

    def encrypt(self, text: str) -> str:
        """Seal a TOTP key or the seed of recovery codes."""
        return ring().seal(COLUMN, text, searchable=False)

    def decrypt(self, encrypted_text: str) -> str:
        return ring().unseal(COLUMN, encrypted_text, searchable=False)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one where one is required: add the new one first."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.FACTORS)
        return not second_factor.is_required() or others.exclude(pk=authenticator.pk).exists()
