"""Why a lead is worth a call, in words of the active language. No database, no clock."""

from django.utils.translation import gettext as _

from assessments.qualification import USUAL, Contact, LeadQuality
from scorecard.definition import Qualification


def reasons(
    quality: str | None, contact: Contact, total_score: int | None, rule: Qualification | None = None
) -> list[str]:
    """Return what qualified a lead, most telling first: `score 20, under 60`, `every detail given`.

    `rule`: that of its questionnaire, None for the usual one.
    """
    if quality != LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED:
        return [_("name and company given")] if quality == LeadQuality.ENHANCED else [_("an address only")]
    rule, found = rule or USUAL, []
    if rule.total_under is not None and total_score is not None and total_score < rule.total_under:
        values = {"score": total_score, "limit": rule.total_under}
        found.append(_("score %(score)d, under %(limit)d") % values)
    if rule.details and contact.is_complete:
        found.append(_("every detail given"))
    return found or [_("answers that qualify")]
