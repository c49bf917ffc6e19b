"""The second factor of staff: who needs one, and whether a session is verified by it.

django-allauth records the authentication methods of a session. It is verified once one of them was a second
factor: a code of an authenticator app, a passkey, a recovery code, or the enrolment of the first factor.
"""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes substitute for these
FRESH_SECONDS = 15 * 60  # reauthentication for changes of own password or factors


def is_required() -> bool:
    """Whether every user needs one. Always True with DEBUG off: config/settings.py enforces it."""
    return bool(settings.STAFF_SECOND_FACTOR == "required")


def is_enrolled(user: Any) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def was_given(request: HttpRequest) -> bool:
    """Whether this session was authenticated with a second factor. No query."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def is_missing(request: HttpRequest) -> bool:
    """Whether this session must still be verified by a second factor. One query at most."""
    return not was_given(request) and (is_required() or is_enrolled(request.user))


def next_step(request: HttpRequest) -> str:
    """The URL for an unverified session: to enter the second factor, or to enrol the first one."""
    return reverse("mfa_reauthenticate" if is_enrolled(request.user) else "mfa_activate_totp")


def confirm_step(request: HttpRequest) -> str:
    """The URL for reauthentication: by second factor if the user has one, else by password."""
    return reverse("mfa_reauthenticate" if is_enrolled(request.user) else "account_reauthenticate")


def is_fresh(request: HttpRequest, seconds: int) -> bool:
    """Whether the user authenticated within the last `seconds`, by second factor if they have one."""
    method = "mfa" if was_given(request) or is_enrolled(request.user) else "password"
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < seconds for record in records if record["method"] == method)


def verify_by_enrolment(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Receiver of `authenticator_added`: enrolling a factor also verifies the session."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
