"""URLs of records in HubSpot."""

from django.conf import settings

CONTACTS = "0-1"  # HubSpot's object type ids, as used in its URLs
DEALS = "0-3"


def record_url(kind: str, id: str | None) -> str:
    """Return the URL of a record; '' without an id or without HUBSPOT_PORTAL_URL."""
    return f"{settings.HUBSPOT_PORTAL_URL}/record/{kind}/{id}" if settings.HUBSPOT_PORTAL_URL and id else ""
