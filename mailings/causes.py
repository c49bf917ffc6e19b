"""Failure causes of mails in words, with what to do about them. Pure."""

from queues.causes import Cause

CAUSES = {
    "worker_died": Cause(
        "The worker died five times while it was sending this mail.",
        "Check the worker's log before you send it again.",
    ),
    "mail_server_away": Cause(
        "The mail server did not answer, or accepts no mail at the moment.",
        "Nothing: it is tried again automatically.",
    ),
    "mail_server_refuses_us": Cause(
        "The mail server does not accept our login, our name or our sender address.",
        "Check EMAIL_URL and DEFAULT_FROM_EMAIL; after that it is tried again automatically.",
    ),
    "mail_server_certificate": Cause(
        "The certificate of the mail server is signed by no authority that we know, or is for another name.",
        "Write the name on the certificate into EMAIL_URL, or name your CA in SSL_CERT_FILE.",
    ),
    "mail_server_limits_us": Cause(
        "The mail server accepts no more mail from us for now: a quota or rate limit is used up.",
        "Raise the limit at your mail provider, or wait: it is tried again automatically.",
    ),
    "smtp_utf8": Cause(
        "The mail server cannot write to an address with letters beyond ASCII before the @.",
        "Use a mail server that offers SMTPUTF8, then send it again.",
    ),
    "enough_mail": Cause(
        "The address, or the session, had as many mails as it gets in a day.", "Nothing: it was not sent."
    ),
    "smtp_550": Cause(
        "The mailbox does not exist, or its server does not accept mail from us.",
        "Check the sender's domain (SPF, DKIM, DMARC); if others arrive, the address is wrong.",
    ),
    "smtp_554": Cause(
        "The recipient's server refused the mail, often because it looked like spam.",
        "Check the sender's domain (SPF, DKIM, DMARC) and whether your server is on a block list.",
    ),
}
MAILBOX_UNKNOWN = Cause(
    "The mailbox does not exist, or accepts no mail.", "Ask the person for another address, or let it go."
)
MAILBOX_FULL = Cause(
    "The mailbox accepts no mail for now: it is full, or its server asks us to try again later.",
    "Nothing while it waits. If it was given up, send it again later.",
)


def explain(code: str) -> Cause:
    """Return the cause for a code; an SMTP reply is looked up by its first digit."""
    if code in CAUSES:
        return CAUSES[code]
    number = code.removeprefix("smtp_").removesuffix("_mailbox")
    if number != code and code.endswith("_mailbox"):
        return MAILBOX_FULL if number.startswith("4") else MAILBOX_UNKNOWN
    if number != code and number.startswith("5"):
        return Cause(f"The mail server refused it ({number}).", "Look the code up, then send it again.")
    if number != code:
        return Cause(
            f"The mail server deferred it each time ({number}).",
            "Nothing while it waits. If it was given up, send it again once the server takes mail.",
        )
    return Cause(f"It failed: {code}.", "Check the worker's log, then send it again.")
