"""What sets the kinds of mail apart, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Purpose
from mailings.models import MailKind


@dataclass(frozen=True, slots=True)
class KindOfMail:
    """`needs` is the consent without which it is not sent; None: whoever asked wants it.

    `has_key`: it carries a key to the privacy page of its reader; else it is for a mailbox that may be
    anybody's. `has_report`: and a link to the report. `is_noted`: the assessment says what became of it.
    """

    subject: Any
    needs: Purpose | None = None
    has_key: bool = True
    has_report: bool = False
    is_noted: bool = False


KINDS: Mapping[MailKind, KindOfMail] = MappingProxyType(
    {
        MailKind.RESULT: KindOfMail(
            _("Your result and what to do next"), needs=Purpose.RESULT, has_report=True, is_noted=True
        ),
        MailKind.PRIVACY_LINK: KindOfMail(_("Your data: the link you asked for")),
        MailKind.RESUME: KindOfMail(_("The link to continue your scorecard"), has_key=False),
    }
)


def kind_of(mail: Any) -> KindOfMail:
    return KINDS[MailKind(mail.kind)]
