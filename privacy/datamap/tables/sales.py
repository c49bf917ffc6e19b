"""What sales does with a lead."""

from privacy.datamap.columns import AFTER_RETENTION, PERSON, about_staff, impersonal
from privacy.datamap.vocabulary import Basis, Retention, Table

WITH_THE_LEAD = Retention("assessment__created_at", AFTER_RETENTION, delete_row=True)

SALES = {
    "lead_work": Table(
        "Who of sales works on a lead, how the last contact went, and when the next one is due",
        {
            **impersonal("assessment_id", "outcome", "owned_at", "first_contact_at", "last_contact_at"),
            **impersonal("follow_up_on"),
            **about_staff("owner_id"),
        },
        basis=Basis.INTEREST,
    ),
    "lead_notes": Table(
        "Notes of sales about a lead",
        {**impersonal("id", "assessment_id", "created_at"), **about_staff("author_id"), "text": PERSON},
        WITH_THE_LEAD,
        Basis.INTEREST,
    ),
    "lead_events": Table(
        "What sales did with a lead and when, and who saw the contact details",
        {
            **impersonal("id", "assessment_id", "kind", "value", "created_at"),
            **about_staff("actor_id", "owner_id"),
            "detail": PERSON,
        },
        WITH_THE_LEAD,
        Basis.INTEREST,
    ),
    "lead_views": Table(
        "Saved views of the list of leads: filters under a name, never a search",
        {**impersonal("id", "name", "query", "is_shared"), **about_staff("owner_id")},
        basis=Basis.INTEREST,
    ),
}
