"""Invitation and password reset mails to staff, with a single-use link that expires."""

import logging
from datetime import timedelta
from email.errors import MessageError
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from audit.models import SystemLog
from branding.brand import current_brand
from queues.alarms import first_within, forget_last

QUIET = timedelta(minutes=1)  # between two mails of one kind to one user: a double click sends one
DAY = timedelta(days=1)
RESETS_A_DAY = 6  # to one user: anybody may ask for them, and each of them works

logger = logging.getLogger(__name__)

INVITATION = """{name} invites you to its back office.

Choose a password and set up your second factor here:

{link}

The link works once, for {days} days. If you did not expect it, ignore this mail.
"""

RESET = """Somebody asked to reset your password for the back office of {name}.

Choose a new one here:

{link}

The link works once, for {days} days. If it was not you, ignore this mail: nothing has changed.
"""


def prove_owner(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Receiver of `password_reset`: mark this browser as known to the account, as its user read our mail."""
    request.proven_owner = user  # type: ignore[attr-defined]  # read by accounts/urls.py


def password_link(user: User) -> str:
    """The URL where the user sets a password. Using it, logging in or changing the address invalidates it."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _, token = key.partition("-")
    page = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.PUBLIC_URL}{page}"


def send_invitation(user: User) -> bool:
    """Mail an invitation; returns whether the mail server accepted it."""
    return send_link(user, f"Your invitation to {current_brand().name}", INVITATION)


def send_reset(user: User) -> bool:
    return send_link(user, f"Reset your password for {current_brand().name}", RESET)


def send_link(user: User, subject: str, text: str) -> bool:
    """Send at once, not through the queue of mails: docs/operations.md says why. Not twice in a minute, and
    no more than RESETS_A_DAY resets.
    """
    if not settings.MAIL_IS_SET_UP:
        return False
    event, cause = f"staff_{'invitation' if text is INVITATION else 'reset'}", f"user {user.pk}"
    today = SystemLog.objects.filter(event_type=event, data__cause=cause, created_at__gt=Now() - DAY)
    if text is RESET and today.count() >= RESETS_A_DAY:
        return True
    if not first_within(QUIET, event, "A link to set a password was mailed to a user", cause=cause):
        return True
    days = settings.PASSWORD_RESET_TIMEOUT // 86400
    body = text.format(name=current_brand().name, link=password_link(user), days=days)
    try:
        return bool(send_mail(subject, body, None, [user.email]))
    except (SMTPException, MessageError, OSError) as error:
        logger.error("A mail to a member of staff could not be sent (%s)", type(error).__name__)
        forget_last(event, cause)
        return False
