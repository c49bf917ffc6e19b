"""The properties of each kind of mail, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Purpose
from mailings.models import MailKind


@dataclass(frozen=True, slots=True)
class KindOfMail:
    """The properties of one kind of mail.

    `needs`: the consent required to send it; None when the recipient requests it. `has_key`: it has a key to
    the privacy page, so it must go to a known address; other kinds may go to any mailbox. `has_report`: it
    links to the report. `is_noted`: its outcome is recorded on the assessment. `confirms`: the consent that a
    click in it gives for the address.
    """

    subject: Any
    needs: Purpose | None = None
    has_key: bool = True
    has_report: bool = False
    is_noted: bool = False
    confirms: Purpose | None = None


KINDS: Mapping[MailKind, KindOfMail] = MappingProxyType(
    {
        MailKind.RESULT: KindOfMail(
            _("Your result and what to do next"), needs=Purpose.RESULT, has_report=True, is_noted=True
        ),
        MailKind.PRIVACY_LINK: KindOfMail(_("Your data: the link you asked for")),
        MailKind.RESUME: KindOfMail(_("The link to continue your scorecard"), has_key=False),
        MailKind.CONFIRMATION: KindOfMail(
            _("Please confirm: news and offers by e-mail"), confirms=Purpose.MARKETING
        ),
        MailKind.PASSWORD_RESET: KindOfMail("", has_key=False),  # to staff: written by accounts.links
    }
)


def kind_of(mail: Any) -> KindOfMail:
    return KINDS[MailKind(mail.kind)]
