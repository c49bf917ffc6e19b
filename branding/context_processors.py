"""The brand on every page."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from branding.brand import current


def brand(request: HttpRequest) -> dict[str, object]:
    """`brand`, read by templates that name it only."""
    return {"brand": SimpleLazyObject(current)}
