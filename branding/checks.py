"""Is there a way to reach the operator from a result? For `check --deploy` and the admin's first page."""

from datetime import datetime
from typing import Any

from django.core.checks import CheckMessage, Info
from django.db import DatabaseError
from django.http import HttpRequest

from branding.brand import Brand, current_brand
from web import gettext_noop as _

NO_WAY = _("Results offer no calendar, no e-mail address and no telephone number, only a call back.")
FIX = _("Set BRAND_CALENDAR_LINK, BRAND_CONTACT or ADVISER_PHONE under Settings in the admin.")


def is_out_of_reach(brand: Brand) -> bool:
    """Whether a visitor with a result finds neither calendar nor address nor number."""
    return not (brand.calendar_link or brand.contact or brand.adviser.phone)


def warn_of_no_way(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """For `check --deploy`; nothing when the database does not answer."""
    try:
        found = is_out_of_reach(current_brand())
    except DatabaseError:
        return []
    return [Info(NO_WAY, hint=FIX, id="branding.I001")] if found else []


def home_panel(now: datetime, request: HttpRequest | None = None) -> dict[str, str]:
    """{words, fix}, or {} when there is nothing to say."""
    return {"words": NO_WAY, "fix": FIX} if is_out_of_reach(current_brand()) else {}
