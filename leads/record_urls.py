"""Addresses of records in HubSpot's own pages."""

from django.conf import settings

CONTACTS = "0-1"  # HubSpot's names for its kinds of records, as its addresses spell them
DEALS = "0-3"


def record_url(kind: str, id: str | None) -> str:
    """The page of a record; '' without an id, and without HUBSPOT_PORTAL_URL."""
    return f"{settings.HUBSPOT_PORTAL_URL}/record/{kind}/{id}" if settings.HUBSPOT_PORTAL_URL and id else ""
