"""Failure causes of mails in words, with what to do about them. Pure."""

from collections.abc import Callable

from queues.causes import Cause
from web import gettext_noop as _

CAUSES = {
    "worker_died": Cause(
        _("The worker died five times while it was sending this mail."),
        _("Check the worker's log before you send it again."),
    ),
    "mail_server_away": Cause(
        _("The mail server did not answer, or accepts no mail at the moment."),
        _("Nothing: it is tried again automatically."),
    ),
    "mail_server_refuses_us": Cause(
        _("The mail server does not accept our login, our name or our sender address."),
        _("Check EMAIL_URL and DEFAULT_FROM_EMAIL; after that it is tried again automatically."),
    ),
    "mail_server_certificate": Cause(
        _(
            "The certificate of the mail server is signed by no authority that we know, "
            "or is for another name."
        ),
        _("Write the name on the certificate into EMAIL_URL, or name your CA in SSL_CERT_FILE."),
    ),
    "mail_server_limits_us": Cause(
        _("The mail server accepts no more mail from us for now: a quota or rate limit is used up."),
        _("Raise the limit at your mail provider, or wait: it is tried again automatically."),
    ),
    "smtp_utf8": Cause(
        _("The mail server cannot write to an address with letters beyond ASCII before the @."),
        _("Use a mail server that offers SMTPUTF8, then send it again."),
    ),
    "enough_mail": Cause(
        _("The address, or the session, had as many mails as it gets in a day."),
        _("Nothing: it was not sent."),
    ),
    "smtp_550": Cause(
        _("The mailbox does not exist, or its server does not accept mail from us."),
        _("Check the sender's domain (SPF, DKIM, DMARC); if others arrive, the address is wrong."),
    ),
    "smtp_554": Cause(
        _("The recipient's server refused the mail, often because it looked like spam."),
        _("Check the sender's domain (SPF, DKIM, DMARC) and whether your server is on a block list."),
    ),
}
MAILBOX_UNKNOWN = Cause(
    _("The mailbox does not exist, or accepts no mail."),
    _("Ask the person for another address, or let it go."),
)
MAILBOX_FULL = Cause(
    _("The mailbox accepts no mail for now: it is full, or its server asks us to try again later."),
    _("Nothing while it waits. If it was given up, send it again later."),
)
REFUSED = Cause(_("The mail server refused it (%(number)s)."), _("Look the code up, then send it again."))
DEFERRED = Cause(
    _("The mail server deferred it each time (%(number)s)."),
    _("Nothing while it waits. If it was given up, send it again once the server takes mail."),
)
UNKNOWN = Cause(_("It failed: %(code)s."), _("Check the worker's log, then send it again."))


def explain(code: str, translate: Callable[[str], str] = str) -> Cause:
    """Return the cause for a code; an SMTP reply is looked up by its first digit."""
    if code in CAUSES:
        return CAUSES[code].translated(translate)
    number = code.removeprefix("smtp_").removesuffix("_mailbox")
    if number != code and code.endswith("_mailbox"):
        return (MAILBOX_FULL if number.startswith("4") else MAILBOX_UNKNOWN).translated(translate)
    if number != code:
        found = REFUSED if number.startswith("5") else DEFERRED
        known = found.translated(translate)
        return Cause(known.happened % {"number": number}, known.to_do)
    known = UNKNOWN.translated(translate)
    return Cause(known.happened % {"code": code}, known.to_do)
