"""Start a session for a request, from pages or API."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from assessments.lifecycle import services
from assessments.lifecycle.services import Started
from assessments.lifecycle.visitors import visitor_of
from assessments.web.pages.ab_test import variants_of
from scorecard import versions
from scorecard.versions import PublishedVersion
from web import rate_limits
from web.client_address import client_hash
from web.rate_limits import Allowance


def start_session(
    request: HttpRequest,
    sent: Mapping[str, str],
    *,
    visitor_number: str,
    key: str,
    version: PublishedVersion | None = None,
) -> tuple[Started, Allowance]:
    """Start a session of the questionnaire `key`, in its current version unless one is given.

    `sent` has the campaign parameters and the `referrer`, a host or a URL.
    Raises TooManyRequests when this client exceeds its limit of starts.
    """
    client = client_hash(request)
    allowance = rate_limits.enforce_limit("starts", client)
    visitor = visitor_of(
        request.headers,
        parameters=sent,
        referrer=sent.get("referrer", ""),
        client_hash=client,
        variants=variants_of(visitor_number, key),
        is_test=is_signed_in_staff(request),
    )
    return services.start_assessment(version or versions.current(key), visitor), allowance


def is_signed_in_staff(request: HttpRequest) -> bool:
    """Whether this browser is signed in to the back office. No query without its cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(getattr(request.user, "is_staff", False))
