"""Why a lead is worth a call, in words. Pure: no database, no clock."""

from assessments.qualification import USUAL, Contact, LeadQuality
from scorecard.definition import Qualification


def reasons(
    quality: str | None, contact: Contact, total_score: int | None, rule: Qualification | None = None
) -> list[str]:
    """Return what qualified a lead, most telling first: `score 20, under 60`, `every detail given`.

    `rule`: that of its questionnaire, None for the usual one.
    """
    if quality != LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED:
        return ["name and company given"] if quality == LeadQuality.ENHANCED else ["an address only"]
    rule, found = rule or USUAL, []
    if rule.total_under is not None and total_score is not None and total_score < rule.total_under:
        found.append(f"score {total_score}, under {rule.total_under}")
    if rule.details and contact.is_complete:
        found.append("every detail given")
    return found or ["answers that qualify"]
