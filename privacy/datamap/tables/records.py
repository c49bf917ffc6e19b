"""Records of what the system did, and tables that can hold no person."""

from privacy.datamap.columns import authored_json, impersonal
from privacy.datamap.vocabulary import Table

RECORDS = {
    "system_logs": Table(
        "What the system did: counts and times, never values",
        impersonal("id", "event_type", "message", "created_at") | authored_json("data"),
    ),
    "scrub_certificates": Table(
        "What each scrub cleared: counts, never values, chained so that none can be changed unseen",
        impersonal("id", "started_at", "touched_at", "finished_at", "complete", "unconfirmed")
        | impersonal("map_version", "number", "previous", "hash")
        | authored_json("cutoffs", "counts"),
    ),
}

# Tables that no person can be in.
WITHOUT_PEOPLE = frozenset(
    {
        "auth_group",  # names of roles
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
    }
)
