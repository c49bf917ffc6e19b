"""Classify SMTP errors: the server is away, it refuses us, or it refuses this recipient. Pure.

Only codes are stored, because the text of a reply may quote the address (RFC 5321, RFC 3463).
"""

import re
import smtplib
import ssl
from dataclasses import dataclass

AWAY = "mail_server_away"  # unreachable, or temporarily accepts no mail
REFUSES_US = "mail_server_refuses_us"  # authentication, host name or sender address
LIMITS_US = "mail_server_limits_us"  # a quota or rate limit of our account
UNKNOWN_CERTIFICATE = "mail_server_certificate"  # nobody we know signed it, or for another name
NEEDS_SMTPUTF8 = "smtp_utf8"

ENHANCED = re.compile(rb"^(\d\.\d{1,3}\.\d{1,3})\b")
SAID_TO_US = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPSenderRefused,
)
# Replies to RCPT or DATA that never depend on the recipient.
ABOUT_US = frozenset({504, 530, 534, 535, 538})
ABOUT_SENDER = frozenset({b"5.1.7", b"5.1.8", b"4.1.7", b"4.1.8"})
ABOUT_SERVER = re.compile(rb"^4\.3\.\d+$")  # its disk, its load: any other mail meets the same
ABOUT_QUOTA = frozenset({b"4.4.5", b"5.4.5", b"4.7.28", b"5.7.28"})  # how much our account may send
ABOUT_MAILBOX = re.compile(rb"^[45]\.(1\.(1|2|3|6|10)|2\.\d+)$")  # unknown, moved or full: this mailbox only
MAILBOX = "_mailbox"  # suffix of causes about the mailbox


@dataclass(frozen=True, slots=True)
class SmtpRefusal:
    """A classified SMTP error.

    `holds_line`: the server would refuse any other mail too. `is_final`: this mail can never be delivered.
    """

    cause: str
    holds_line: bool
    is_final: bool = False

    @property
    def may_concern_all(self) -> bool:
        """Whether others may be affected: several equal refusals in a row mean the server refuses us."""
        return not self.holds_line and not self.cause.endswith(MAILBOX)


def refusal_of(error: OSError) -> SmtpRefusal:
    """Classify an exception of smtplib: server away, our settings wrong, or only this mail refused."""
    if isinstance(error, SAID_TO_US):
        return SmtpRefusal(REFUSES_US if error.smtp_code >= 500 else AWAY, holds_line=True)
    if isinstance(error, smtplib.SMTPNotSupportedError):  # one class for STARTTLS, AUTH and SMTPUTF8
        if "SMTPUTF8" not in str(error):
            return SmtpRefusal(REFUSES_US, holds_line=True)
        return SmtpRefusal(NEEDS_SMTPUTF8, holds_line=False, is_final=True)
    if isinstance(error, ssl.SSLCertVerificationError):
        return SmtpRefusal(UNKNOWN_CERTIFICATE, holds_line=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return of_answer(*max(error.recipients.values(), default=(500, b"")), at_data=False)
    if isinstance(error, smtplib.SMTPResponseException):
        return of_answer(error.smtp_code, error.smtp_error, at_data=True)
    return SmtpRefusal(AWAY, holds_line=True)


def of_answer(code: int, text: bytes | str, *, at_data: bool) -> SmtpRefusal:
    """Classify a reply to RCPT or DATA. A 4xx reply after DATA concerns our account, not the recipient."""
    said = ENHANCED.match(text.encode() if isinstance(text, str) else text)
    if code == 421 or (not at_data and said and ABOUT_SERVER.match(said[1])):
        return SmtpRefusal(AWAY, holds_line=True)
    if said and said[1] in ABOUT_QUOTA:
        return SmtpRefusal(LIMITS_US, holds_line=True)
    if code in ABOUT_US or (said and said[1] in ABOUT_SENDER):
        return SmtpRefusal(REFUSES_US, holds_line=True)
    if at_data and code < 500:
        return SmtpRefusal(LIMITS_US, holds_line=True)
    own = MAILBOX if said and ABOUT_MAILBOX.match(said[1]) else ""
    return SmtpRefusal(f"smtp_{code}{own}", holds_line=False, is_final=code >= 500)
