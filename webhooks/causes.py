"""Failure causes of webhook calls in words, with what to do about them. Pure."""

from queues.causes import Cause

CAUSES = {
    "worker_died": Cause(
        "The worker died five times during this call.", "Check the worker's log before you send it again."
    ),
    "switched_off": Cause(
        "The webhook was switched off before the call.", "Switch it on, then send the call again."
    ),
    "key_missing": Cause(
        "The address of the webhook cannot be decrypted.",
        "Add the missing key to FIELD_ENCRYPTION_KEYS, then send the call again.",
    ),
    "bad_url": Cause(
        "The address of the webhook cannot be called.", "It must begin with https:// and hold no password."
    ),
    "private_address": Cause(
        "The address of the webhook leads into a private network.",
        "Use a public one, or set WEBHOOKS_MAY_BE_PRIVATE if the receiver is your own.",
    ),
    "no_recipient": Cause(
        "The mail server refused every recipient.", "Correct the addresses, then send the mail again."
    ),
    "no_mail_server": Cause("The mail server was away for a day.", "Check EMAIL_URL, then send it again."),
    "too_late": Cause(
        "The receiver did not answer for a day.", "Check that it is up, then send the call again."
    ),
}
REFUSED = Cause(
    "The receiver refused the call.", "Check the address of the webhook: was the channel deleted?"
)


def explain(code: str) -> Cause:
    return CAUSES.get(code, REFUSED)
