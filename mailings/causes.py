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
    "smtp_550": Cause(
        "The mailbox does not exist, or its server does not take mail from us.",
        "Check the sender's domain (SPF, DKIM, DMARC); if others arrive, the address is wrong.",
    ),
    "smtp_554": Cause(
        "The server of the recipient refused the mail, often as unwanted.",
        "Check the sender's domain (SPF, DKIM, DMARC) and whether your server is on a block list.",
    ),
}


def explain(code: str) -> Cause:
    """The cause in words; an answer of the mail server by its first digit, anything else by its code."""
    if code in CAUSES:
        return CAUSES[code]
    number = code.removeprefix("smtp_")
    if number != code and number.startswith("5"):
        return Cause(f"The mail server refused it ({number}).", "Look the code up, then send it again.")
    if number != code:
        return Cause(
            f"The mail server put it off each time ({number}).", "Send it again once the server takes mail."
        )
    return Cause(f"It failed: {code}.", "Look into the worker's log, then send it again.")
