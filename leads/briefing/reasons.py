"""Why a lead is worth a call, in words. Pure: no database, no clock."""

from assessments.qualification import BRIEFING_BELOW, Contact, LeadQuality


def reasons(quality: str | None, contact: Contact, total_score: int | None) -> list[str]:
    """Return what qualified a lead, most telling first: `score 20, under 60`, `every detail given`."""
    if quality != LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED:
        return ["name and company given"] if quality == LeadQuality.ENHANCED else ["an address only"]
    found = []
    if total_score is not None and total_score < BRIEFING_BELOW:
        found.append(f"score {total_score}, under {BRIEFING_BELOW}")
    if contact.is_complete:
        found.append("every detail given")
    return found
