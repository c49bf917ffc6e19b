"""Which HubSpot account the token opens: read once per process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DETAILS = "/account-info/v3/details"


@dataclass(frozen=True, slots=True)
class AccountDetails:
    """`time_zone` is an IANA name; empty when HubSpot reports none that we know."""

    portal_id: str
    time_zone: str


UNKNOWN_ACCOUNT = AccountDetails("unknown", "")


def read_account(body: Mapping[str, Any]) -> AccountDetails | None:
    """Parse the account from an answer; None when it names no portal."""
    portal = body.get("portalId")
    if not isinstance(portal, int | str) or not str(portal).isascii() or not str(portal).isalnum():
        return None
    return AccountDetails(str(portal)[:20], known_zone(str(body.get("timeZone") or "")))


def known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name
