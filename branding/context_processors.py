"""Template context: the brand."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from branding.brand import current_brand


def brand(request: HttpRequest) -> dict[str, object]:
    """Add `brand`, evaluated only by templates that use it."""
    return {"brand": SimpleLazyObject(current_brand)}
