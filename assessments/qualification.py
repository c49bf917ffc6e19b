"""Qualifies leads. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from scorecard.conditions import holds
from scorecard.definition import Qualification
from web import gettext_noop as _

CONTACT_DEPTHS = ("email", "name", "company", "phone")  # in the order of the contact funnel
BRIEFING_BELOW = 60  # a total score below this qualifies for a briefing


class LeadQuality(StrEnum):
    """Lead quality, lowest first; stored in `assessments.lead_quality`."""

    BASIC = "basic"
    ENHANCED = "enhanced"
    EXECUTIVE_BRIEFING_QUALIFIED = "executive_briefing_qualified"

    @property
    def label(self) -> str:
        return LABELS[self]


USUAL = Qualification(total_under=BRIEFING_BELOW)
NO_ANSWERS: Mapping[str, Any] = {}

LABELS = {
    LeadQuality.BASIC: _("Basic"),
    LeadQuality.ENHANCED: _("Enhanced"),
    LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED: _("Briefing qualified"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact details as entered; None for an empty field."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    phone: str | None = None

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def given(self) -> dict[str, str]:
        """The names of the fields that are filled in."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def depth(self) -> int:
        """How many of the fields of CONTACT_DEPTHS are filled in before the first empty one."""
        filled = (self.email, self.name, self.company, self.phone)
        return next((depth for depth, value in enumerate(filled) if not value), len(filled))

    @property
    def is_complete(self) -> bool:
        return all((self.email, self.first_name, self.last_name, self.company, self.phone))


def lead_quality(
    contact: Contact,
    total_score: int | None,
    rule: Qualification | None = None,
    answers: Mapping[str, Any] = NO_ANSWERS,
) -> LeadQuality | None:
    """The quality of a lead; None without an e-mail address: then it is no lead.

    The first rule that holds, from the best down:
    executive_briefing_qualified = e-mail and (every field filled, or total under 60), or as the `rule` of the
    questionnaire says; enhanced = e-mail, a name and a company; basic = e-mail.
    """
    if not contact.email:
        return None
    if is_qualified(contact, total_score, rule or USUAL, answers):
        return LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED
    if contact.name and contact.company:
        return LeadQuality.ENHANCED
    return LeadQuality.BASIC


def is_qualified(
    contact: Contact, total_score: int | None, rule: Qualification, answers: Mapping[str, Any]
) -> bool:
    """Whether a lead is to be called for a briefing.

    Total and answers must both hold, as far as the rule names them; all contact details do instead of them.
    """
    if rule.details and contact.is_complete:
        return True
    judged = [] if rule.total_under is None else [total_score is not None and total_score < rule.total_under]
    if rule.when:
        judged.append(holds(rule.when, answers))
    return bool(judged) and all(judged)
