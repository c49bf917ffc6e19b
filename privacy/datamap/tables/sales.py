"""What sales does with a lead."""

from privacy.datamap.columns import AFTER_RETENTION, PERSON, TRACE, about_staff, impersonal
from privacy.datamap.vocabulary import Basis, Retention, Table
from web import gettext_noop as _

UNTIL_IT_EXPIRES = Retention("expires_at", delete_row=True)
WITH_THE_LEAD = Retention("assessment__created_at", AFTER_RETENTION, delete_row=True)

SALES = {
    "lead_work": Table(
        _("Who of sales works on a lead, how the last contact went, and when the next one is due"),
        {
            **impersonal("assessment_id", "outcome", "owned_at", "first_contact_at", "last_contact_at"),
            **impersonal("follow_up_on"),
            **about_staff("owner_id"),
        },
        basis=Basis.INTEREST,
    ),
    "lead_notes": Table(
        _("Notes of sales about a lead"),
        {**impersonal("id", "assessment_id", "created_at"), **about_staff("author_id"), "text": PERSON},
        WITH_THE_LEAD,
        Basis.INTEREST,
    ),
    "lead_events": Table(
        _("What sales did with a lead and when, and who saw the contact details"),
        {
            **impersonal("id", "assessment_id", "kind", "value", "created_at"),
            **about_staff("actor_id", "owner_id"),
            "detail": PERSON,
        },
        WITH_THE_LEAD,
        Basis.INTEREST,
    ),
    "lead_search_pages": Table(
        _("What the search of leads reads: contact details of an hour, folded and encrypted as one value"),
        {**impersonal("hour", "built_at", "expires_at"), "content": PERSON},
        UNTIL_IT_EXPIRES,
        Basis.INTEREST,
    ),
    "exports": Table(
        _("Exports that staff ordered: which view of the list of leads, and how far the file is"),
        {
            **impersonal(
                "id", "kind", "format", "contacts", "status", "claims", "lease_token", "lease_until"
            ),
            **impersonal("failures", "next_try_at", "failure_cause", "created_at", "done_at", "expires_at"),
            **impersonal("rows_total", "rows_done", "size"),
            **about_staff("owner_id"),
            "query": PERSON,  # a search may name a person
        },
        UNTIL_IT_EXPIRES,
        Basis.INTEREST,
    ),
    "export_batches": Table(
        _("Which leads an export writes next, while it is being written"),
        {**impersonal("id", "export_id", "number", "expires_at"), "leads": TRACE},
        UNTIL_IT_EXPIRES,
        Basis.INTEREST,
    ),
    "export_chunks": Table(
        _("Files of exports, encrypted: leads as they were, for a day"),
        {**impersonal("id", "export_id", "number", "expires_at"), "content": PERSON},
        UNTIL_IT_EXPIRES,
        Basis.INTEREST,
    ),
    "lead_views": Table(
        _("Saved views of the list of leads: filters under a name, never a search"),
        {**impersonal("id", "name", "query", "is_shared"), **about_staff("owner_id")},
        basis=Basis.INTEREST,
    ),
}
