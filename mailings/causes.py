"""What went wrong with a mail, in words, and what to do about it. Pure."""

from queues.causes import Cause

CAUSES = {
    "worker_died": Cause(
        "The worker ended five times while it held this mail.",
        "Look into the worker's log before you send it again.",
    ),
    "mail_server_away": Cause(
        "The mail server did not answer, or takes no mail now.", "Nothing: it is tried again by itself."
    ),
    "mail_server_refuses_us": Cause(
        "The mail server does not take our login, our name or the address that we write from.",
        "Look at EMAIL_URL and DEFAULT_FROM_EMAIL; then it is tried again by itself.",
    ),
    "mail_server_limits_us": Cause(
        "The mail server takes no more mail of ours for now: a quota or a rate is used up.",
        "Raise the limit at your mail provider, or wait: it is tried again by itself.",
    ),
    "smtp_utf8": Cause(
        "The mail server cannot write to an address with letters beyond ASCII before the @.",
        "Use a mail server that offers SMTPUTF8, then send it again.",
    ),
    "enough_mail": Cause(
        "The address, or the session, had as many mails as it gets in a day.", "Nothing: it was not sent."
    ),
    "smtp_550": Cause(
        "The mailbox does not exist, or its server does not take mail from us.",
        "Check the sender's domain (SPF, DKIM, DMARC); if others arrive, the address is wrong.",
    ),
    "smtp_554": Cause(
        "The server of the recipient refused the mail, often as unwanted.",
        "Check the sender's domain (SPF, DKIM, DMARC) and whether your server is on a block list.",
    ),
}
MAILBOX_UNKNOWN = Cause(
    "The mailbox does not exist, or takes no mail.", "Ask the person for another address, or let it go."
)
MAILBOX_FULL = Cause(
    "The mailbox takes no mail for now: it is full, or its server asks to come back later.",
    "Nothing while it waits. If it was given up, send it again later.",
)


def explain(code: str) -> Cause:
    """The cause in words; an answer of the mail server by its first digit, anything else by its code."""
    if code in CAUSES:
        return CAUSES[code]
    number = code.removeprefix("smtp_").removesuffix("_mailbox")
    if number != code and code.endswith("_mailbox"):
        return MAILBOX_FULL if number.startswith("4") else MAILBOX_UNKNOWN
    if number != code and number.startswith("5"):
        return Cause(f"The mail server refused it ({number}).", "Look the code up, then send it again.")
    if number != code:
        return Cause(
            f"The mail server put it off each time ({number}).",
            "Nothing while it waits. If it was given up, send it again once the server takes mail.",
        )
    return Cause(f"It failed: {code}.", "Look into the worker's log, then send it again.")
