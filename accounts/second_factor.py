"""The second factor of staff: who must give one, and whether this session has.

A session records every step of its log-in (django-allauth). It counts as verified once one of them was a
second factor: a code of an authenticator app, a passkey, a recovery code, or the enrolment of the first one.
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

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes stand in for these
FRESH_SECONDS = 15 * 60  # after which a change of one's own password or factors asks again


def is_required() -> bool:
    """Is it required of everybody? Never False with DEBUG off: config/settings.py refuses that."""
    return bool(settings.STAFF_SECOND_FACTOR == "required")


def is_enrolled(user: Any) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def was_given(request: HttpRequest) -> bool:
    """Was a second factor part of this session's log-in? No query."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def is_missing(request: HttpRequest) -> bool:
    """Must this session show a second factor before it sees anything? One query at most."""
    return not was_given(request) and (is_required() or is_enrolled(request.user))


def next_step(request: HttpRequest) -> str:
    """The URL where a session without its second factor goes: to show it, or to enrol the first one."""
    return reverse("mfa_reauthenticate" if is_enrolled(request.user) else "mfa_activate_totp")


def confirm_step(request: HttpRequest) -> str:
    """The URL where somebody proves again who they are: by their factor, else by their password."""
    return reverse("mfa_reauthenticate" if is_enrolled(request.user) else "account_reauthenticate")


def is_fresh(request: HttpRequest, seconds: int) -> bool:
    """Did this person prove who they are within the last `seconds`? By their second factor, if any."""
    method = "mfa" if was_given(request) or is_enrolled(request.user) else "password"
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < seconds for record in records if record["method"] == method)


def verify_by_enrolment(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Receiver of `authenticator_added`: whoever has just shown a new factor need not show it again."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
