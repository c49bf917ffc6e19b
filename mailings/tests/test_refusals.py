"""What an answer of a mail server says: about itself, about us, or about this recipient."""

import smtplib
import ssl

import pytest

from mailings.causes import explain
from mailings.refusals import (
    AWAY,
    LIMITS_US,
    NEEDS_SMTPUTF8,
    REFUSES_US,
    UNKNOWN_CERTIFICATE,
    refusal_of,
)

NO_STARTTLS = smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server.")
NO_AUTH = smtplib.SMTPNotSupportedError("SMTP AUTH extension not supported by server.")
NO_UTF8 = smtplib.SMTPNotSupportedError("... the server does not advertise the required SMTPUTF8 capability")


def at_rcpt(code: int, text: str) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({"ada@engines.example": (code, text.encode())})


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (NO_STARTTLS, REFUSES_US),
        (NO_AUTH, REFUSES_US),
        (ssl.SSLCertVerificationError("self-signed certificate"), UNKNOWN_CERTIFICATE),
        (ssl.SSLError("wrong version number"), AWAY),
        (TimeoutError(), AWAY),
        (smtplib.SMTPServerDisconnected(), AWAY),
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 no"), REFUSES_US),
        (smtplib.SMTPAuthenticationError(454, b"4.7.0 later"), AWAY),
        (smtplib.SMTPDataError(454, b"4.7.0 Daily message quota exceeded"), LIMITS_US),
        (smtplib.SMTPDataError(550, b"5.4.5 Daily user sending limit exceeded"), LIMITS_US),
        (at_rcpt(550, "5.4.5 Daily user sending limit exceeded"), LIMITS_US),
        (at_rcpt(421, "4.7.28 rate limited"), AWAY),
        (at_rcpt(450, "4.7.28 too much mail from your address"), LIMITS_US),
        (at_rcpt(452, "4.3.1 Insufficient system storage"), AWAY),
        (at_rcpt(451, "4.3.0 Temporary lookup failure"), AWAY),
        (at_rcpt(504, "5.5.2 sender: need fully-qualified address"), REFUSES_US),
        (at_rcpt(553, "5.1.8 sender's domain does not exist"), REFUSES_US),
        (at_rcpt(553, "5.7.1 <form@x.example>: Sender address rejected: not owned by user"), REFUSES_US),
        (at_rcpt(550, "Sender verify failed"), REFUSES_US),
        (at_rcpt(554, "5.7.1 <ada@engines.example>: Relay access denied"), REFUSES_US),
        (at_rcpt(550, "relay not permitted"), REFUSES_US),
        (
            at_rcpt(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Spamhaus"),
            REFUSES_US,
        ),
        (
            smtplib.SMTPDataError(550, b"5.7.26 This mail has been blocked because it is unauthenticated"),
            REFUSES_US,
        ),
        (
            smtplib.SMTPDataError(550, b"5.7.60 Client does not have permissions to send as this sender"),
            REFUSES_US,
        ),
        (
            smtplib.SMTPDataError(550, b"5.7.515 Access denied, sending domain does not meet the level"),
            REFUSES_US,
        ),
        (smtplib.SMTPSenderRefused(553, b"5.7.1 not owned", "form@x.example"), REFUSES_US),
        (smtplib.SMTPSenderRefused(450, b"4.7.1 too much mail", "form@x.example"), AWAY),
    ],
)
def test_what_concerns_all_mails_holds_the_line_and_says_what_to_do(error: OSError, cause: str) -> None:
    refusal = refusal_of(error)
    assert (refusal.cause, refusal.holds_line, refusal.is_final) == (cause, True, False)
    assert "It failed" not in explain(cause).happened


@pytest.mark.parametrize(
    ("error", "cause", "final"),
    [
        (NO_UTF8, NEEDS_SMTPUTF8, True),
        (at_rcpt(450, "4.2.0 greylisted, try again in 300 seconds"), "smtp_450_mailbox", False),
        (at_rcpt(451, "4.7.1 greylisting in action"), "smtp_451", False),
        (at_rcpt(452, "4.2.2 mailbox full"), "smtp_452_mailbox", False),
        (at_rcpt(552, "5.2.2 over quota"), "smtp_552_mailbox", True),
        (at_rcpt(550, "5.1.1 no such user"), "smtp_550_mailbox", True),
        (at_rcpt(550, "no such user here"), "smtp_550_mailbox", True),
        (at_rcpt(550, "5.4.1 Recipient address rejected: Access denied"), "smtp_550_mailbox", True),
        (at_rcpt(550, "5.7.1 Recipient address rejected: sender is blocked"), "smtp_550_mailbox", True),
        (at_rcpt(550, "5.1.1 unknown user, relaying denied"), "smtp_550_mailbox", True),
        (smtplib.SMTPSenderRefused(552, b"5.3.4 too large", "form@x.example"), "smtp_552", True),
        (smtplib.SMTPSenderRefused(552, b"size exceeds the limit", "form@x.example"), "smtp_552", True),
        (smtplib.SMTPDataError(554, b"5.7.1 looks like spam"), "smtp_554", True),
        (smtplib.SMTPDataError(552, b"5.3.4 message too big"), "smtp_552", True),
    ],
)
def test_what_concerns_one_mailbox_holds_no_other_mail(error: OSError, cause: str, final: bool) -> None:
    refusal = refusal_of(error)
    assert (refusal.cause, refusal.holds_line, refusal.is_final) == (cause, False, final)
