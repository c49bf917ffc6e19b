"""Whom a mail server refuses: this recipient, or us whatever the mail. Pure.

What a server says beside its code may quote the address: only the codes are kept (RFC 5321, RFC 3463).
"""

import re
import smtplib
from dataclasses import dataclass

AWAY = "mail_server_away"  # nobody answers, or takes mail now
REFUSES_US = "mail_server_refuses_us"  # our login, our name, the address that we write from
LIMITS_US = "mail_server_limits_us"  # a quota or a rate of our account
NEEDS_SMTPUTF8 = "smtp_utf8"

ENHANCED = re.compile(rb"^(\d\.\d{1,3}\.\d{1,3})\b")
SAID_TO_US = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)
# Said at RCPT or DATA, and never because of the recipient.
ABOUT_US = frozenset({504, 530, 534, 535, 538})
ABOUT_SENDER = frozenset({b"5.1.7", b"5.1.8", b"4.1.7", b"4.1.8"})
ABOUT_MAILBOX = re.compile(rb"^[45]\.(1\.(1|2|3|6|10)|2\.\d+)$")  # unknown, moved, full: of this one alone
MAILBOX = "_mailbox"  # the end of a cause that says so


@dataclass(frozen=True, slots=True)
class Refusal:
    """`holds_line`: no other mail would be taken either. `is_final`: this mail will never be."""

    cause: str
    holds_line: bool
    is_final: bool = False

    @property
    def may_concern_all(self) -> bool:
        """Said of this recipient, and perhaps to any: if several are refused alike, it is us."""
        return not self.holds_line and not self.cause.endswith(MAILBOX)


def refusal_of(error: OSError) -> Refusal:
    """What smtplib raised, as one of three: wait for the server, look at our settings, this mail alone."""
    if isinstance(error, SAID_TO_US):
        return Refusal(REFUSES_US if error.smtp_code >= 500 else AWAY, holds_line=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Refusal(NEEDS_SMTPUTF8, holds_line=False, is_final=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return of_answer(*max(error.recipients.values(), default=(500, b"")), at_data=False)
    if isinstance(error, smtplib.SMTPResponseException):
        return of_answer(error.smtp_code, error.smtp_error, at_data=True)
    return Refusal(AWAY, holds_line=True)


def of_answer(code: int, text: bytes | str, *, at_data: bool) -> Refusal:
    """Of an answer to RCPT or DATA. 4xx after the whole mail is about our account: recipients are known."""
    said = ENHANCED.match(text.encode() if isinstance(text, str) else text)
    if code == 421:
        return Refusal(AWAY, holds_line=True)
    if code in ABOUT_US or (said and said[1] in ABOUT_SENDER):
        return Refusal(REFUSES_US, holds_line=True)
    if at_data and code < 500:
        return Refusal(LIMITS_US, holds_line=True)
    own = MAILBOX if said and ABOUT_MAILBOX.match(said[1]) else ""
    return Refusal(f"smtp_{code}{own}", holds_line=False, is_final=code >= 500)
