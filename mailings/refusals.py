"""Classify SMTP errors: the server is away, it refuses us, or it refuses this recipient. Pure.

Only codes are stored, as the text of a reply may quote the address (RFC 5321, RFC 3463). The text is read
where a code leaves open whom it concerns: 550 and 554 5.7.1 say "no" to a sender as to a recipient.
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
ABOUT_SENDER = re.compile(
    # sender; authentication; SPF, DKIM, DMARC, reverse DNS (RFC 7372); Exchange's own
    rb"^[45]\.(1\.[78]|7\.([89]|1[14]|2[0-7]|5\d|60|5\d\d|6\d\d|7\d\d))$"
)
SENDER_TEXT = re.compile(
    rb"\bsender\b|\brelay|\bnot (permitted|allowed|authori[sz]ed) to (send|relay)|\bclient host\b"
    rb"|\bblock.?list|\bblacklist|\bspamhaus|\bauthenticat|\bDMARC\b|\bSPF\b|\breverse DNS",
    re.IGNORECASE,
)
MAILBOX_TEXT = re.compile(
    rb"recipient address rejected|(unknown|no such|invalid|bad) (local )?(user|recipient|mailbox|address)"
    rb"|(user|recipient|mailbox|account) (is )?(unknown|disabled|unavailable|not found|does not exist|full)",
    re.IGNORECASE,
)
TOO_LARGE = frozenset({b"5.2.3", b"5.3.4"})  # said at MAIL FROM as well, of one mail
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
    if isinstance(error, smtplib.SMTPSenderRefused) and (
        error.smtp_code == 552 or enhanced(error) in TOO_LARGE
    ):
        return SmtpRefusal("smtp_552", holds_line=False, is_final=True)
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
    words = text.encode() if isinstance(text, str) else text
    found = ENHANCED.match(words)
    said = found[1] if found else b""
    if code == 421 or (not at_data and ABOUT_SERVER.match(said)):
        return SmtpRefusal(AWAY, holds_line=True)
    if said in ABOUT_QUOTA:
        return SmtpRefusal(LIMITS_US, holds_line=True)
    of_mailbox = ABOUT_MAILBOX.match(said) or MAILBOX_TEXT.search(words)
    if code in ABOUT_US or ABOUT_SENDER.match(said):
        return SmtpRefusal(REFUSES_US, holds_line=True)
    if code >= 500 and not of_mailbox and SENDER_TEXT.search(words):
        return SmtpRefusal(REFUSES_US, holds_line=True)
    if at_data and code < 500:
        return SmtpRefusal(LIMITS_US, holds_line=True)
    own = MAILBOX if of_mailbox else ""
    return SmtpRefusal(f"smtp_{code}{own}", holds_line=False, is_final=code >= 500)


def enhanced(error: smtplib.SMTPResponseException) -> bytes:
    """The enhanced status code of a reply (RFC 3463); b'' if it has none."""
    text = error.smtp_error
    found = ENHANCED.match(text.encode() if isinstance(text, str) else text)
    return found[1] if found else b""
