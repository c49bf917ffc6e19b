"""`check --deploy`: does the token open the HubSpot account to which leads were sent before?"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.db import DatabaseError

from hubspot_sync.http.client import open_client
from hubspot_sync.http.errors import HubSpotError
from hubspot_sync.models import HubSpotAccount


def warn_of_another_account(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Warn when the token opens another account; no warning when HubSpot or the database does not answer."""
    if not settings.HUBSPOT_TOKEN:
        return []
    try:
        before = HubSpotAccount.objects.latest_portal()
        with open_client() as client:
            portal = client.account().portal_id
    except (HubSpotError, DatabaseError):
        return []
    if before in (None, portal):
        return []
    return [
        Warning(
            f"HUBSPOT_TOKEN opens account {portal}, leads were sent to account {before}.",
            hint="Ids of the other account are not used. docs/hubspot.md, “Another account”.",
            id="hubspot_sync.W001",
        )
    ]
