"""Failure causes of webhook calls in words, with what to do about them. Pure."""

from collections.abc import Callable

from queues.causes import Cause
from web import gettext_noop as _

CAUSES = {
    "worker_died": Cause(
        _("The worker died five times during this call."),
        _("Check the worker's log before you send it again."),
    ),
    "switched_off": Cause(
        _("The webhook was switched off before the call."), _("Switch it on, then send the call again.")
    ),
    "key_missing": Cause(
        _("The address of the webhook cannot be decrypted."),
        _("Add the missing key to FIELD_ENCRYPTION_KEYS, then send the call again."),
    ),
    "bad_url": Cause(
        _("The address of the webhook cannot be called."),
        _("It must begin with https:// and hold no password."),
    ),
    "private_address": Cause(
        _("The address of the webhook leads into a private network."),
        _("Use a public one, or set WEBHOOKS_MAY_BE_PRIVATE if the receiver is your own."),
    ),
    "no_recipient": Cause(
        _("The mail server refused every recipient."), _("Correct the addresses, then send the mail again.")
    ),
    "no_mail_server": Cause(
        _("The mail server was away for a day."), _("Check EMAIL_URL, then send it again.")
    ),
    "too_late": Cause(
        _("The receiver did not answer for a day."), _("Check that it is up, then send the call again.")
    ),
}
REFUSED = Cause(
    _("The receiver refused the call."), _("Check the address of the webhook: was the channel deleted?")
)


def explain(code: str, translate: Callable[[str], str] = str) -> Cause:
    return CAUSES.get(code, REFUSED).translated(translate)
