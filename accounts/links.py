"""Invitation and password reset mails to staff, with a single-use link that expires."""

import logging
from datetime import timedelta
from email.errors import MessageError
from smtplib import SMTPException
from typing import Any

from allauth.account.forms import ResetPasswordForm, default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import Signal
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, override

from accounts.models import User
from audit.models import SystemLog
from branding.brand import current_brand
from queues.alarms import first_within, forget_last

QUIET = timedelta(minutes=1)  # between two mails of one kind to one user: a double click sends one
MAILED = "A link to set a password was mailed to a user"

reset_requested = Signal()  # `address`: as somebody typed it, known here or not

logger = logging.getLogger(__name__)

INVITATION = gettext_noop("""%(name)s invites you to its back office.

Choose a password and set up your second factor here:

%(link)s

The link works once, for %(days)s days. If you did not expect it, ignore this mail.
""")
INVITED = gettext_noop("Your invitation to %(name)s")

RESET = gettext_noop("""Somebody asked to reset your password for the back office of %(name)s.

Choose a new one here:

%(link)s

The link works once, for %(days)s days. If it was not you, ignore this mail: nothing has changed.
""")
FORGOTTEN = gettext_noop("Reset your password for %(name)s")


class PasswordResetForm(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Does not look whether the address is known: neither the answer nor its time tells a stranger."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"])

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        address = str(self.cleaned_data["email"])
        reset_requested.send(type(self), address=address)
        return address


def prove_owner(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Receiver of `password_reset`: mark this browser as known to the account, as its user read our mail."""
    request.proven_owner = user  # type: ignore[attr-defined]  # read by accounts/urls.py


def password_link(user: User) -> str:
    """The URL where the user sets a password. Using it, logging in or changing the address invalidates it."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _, token = key.partition("-")
    page = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    return f"{settings.PUBLIC_URL}{page}"


def reset_recipient(address: str) -> User | None:
    """The active user of this address, in any spelling; None where it is nobody's."""
    try:
        user = User.objects.get_by_natural_key(address)
    except User.DoesNotExist:
        return None
    return user if user.is_active and not user.is_expired else None


def reset_mail(user: User) -> EmailMessage:
    """Made when it is sent: its link is stored nowhere."""
    return message(user, FORGOTTEN, RESET)


def record_reset(user: User) -> None:
    SystemLog.objects.record("staff_reset", MAILED, cause=f"user {user.pk}")


def message(user: User, subject: str, text: str) -> EmailMessage:
    """A mail in the language of the user; `subject` and `text` are marked words."""
    days = settings.PASSWORD_RESET_TIMEOUT // 86400
    values = {"name": current_brand().name, "link": password_link(user), "days": days}
    with override(user.language):
        return EmailMessage(gettext(subject) % values, gettext(text) % values, None, [user.email])


def send_invitation(user: User) -> bool:
    """Mail an invitation, not twice in a minute; returns whether the mail server accepted it.

    At once and not through the queue of mails: an administrator waits for the answer.
    """
    if not settings.MAIL_IS_SET_UP:
        return False
    event, cause = "staff_invitation", f"user {user.pk}"
    if not first_within(QUIET, event, MAILED, cause=cause):
        return True
    try:
        return bool(message(user, INVITED, INVITATION).send())
    except (SMTPException, MessageError, OSError) as error:
        logger.error("A mail to a member of staff could not be sent (%s)", type(error).__name__)
        forget_last(event, cause)
        return False
