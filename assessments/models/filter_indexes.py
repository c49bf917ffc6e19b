"""Indexes for what few leads have: a rare source, a new questionnaire or language, a poor quality.

What many have is found soon in the order of the list (`assessments_leads`). For what few have, that order
would be read from end to end, so each filter has an index of its values alone: small, because equal values
are stored once.
"""

from django.db.models import F, Index, Q

LEADS = Q(completed_at__isnull=False, lead_quality__isnull=False)
IN_ORDER = (F("qualified_for_briefing").desc(), F("completed_at").desc(), F("id").desc())
COLUMNS = {
    "category": "score_category",
    "score": "total_score",
    "source": "referrer_source",
    "language": "language",
    "version": "version",
    "sync": "hubspot_sync_status",
}


def indexes_of_filters() -> list[Index]:
    """Return one index for each filter of the lead list that may ask for something rare."""
    by_value = [
        Index(fields=[column], name=f"leads_by_{name}", condition=LEADS) for name, column in COLUMNS.items()
    ]
    return [
        *by_value,
        Index(F("browser_info__device"), name="leads_by_device", condition=LEADS),
        # In the order of the list, where a poor quality comes last, after every better lead.
        Index(F("lead_quality"), *IN_ORDER, name="leads_by_quality", condition=LEADS),
        # In that order too: campaigns have no statistics, so a common one is read this way as well.
        Index(F("utm__utm_campaign"), *IN_ORDER, name="leads_by_campaign", condition=LEADS),
        # Leads with doubts: few, in the order of the list.
        Index(*IN_ORDER, name="leads_with_doubts", condition=LEADS & ~Q(doubts=[])),
        # Leads with contact details, in the order of the list: a rare choice is found without reading rows.
        Index(
            *IN_ORDER,
            F("contact_choice"),
            name="leads_by_consent",
            condition=LEADS & Q(email_scrubbed_at__isnull=True),
        ),
    ]
