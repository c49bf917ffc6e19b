"""A/B tests of wording on the landing page, with a cookie that makes a visitor's variant sticky.

The cookie is a random number under which no data is stored. It is set only while an experiment is running,
and not for browsers that send Sec-GPC.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.lifecycle.visitors import browser_info
from assessments.retention import retention_period
from assessments.web.questionnaires import requested_key
from experiments import running
from experiments.assignment import wording_in_language
from experiments.models import Placement

LANDING = (Placement.LANDING_HEADLINE, Placement.CALL_TO_ACTION)
DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@dataclass(frozen=True, slots=True)
class Wording:
    """The tested texts by place, and the visitor number ('' without an experiment)."""

    visitor: str = ""
    at: Mapping[str, str] = field(default_factory=dict)


def wording_for(request: HttpRequest) -> Wording:
    """The wording of the landing page for this browser; a new visitor gets a number."""
    experiments = running.experiments_at(*LANDING, questionnaire=requested_key(request))
    if not experiments or request.headers.get("Sec-GPC") == "1":
        return Wording()
    visitor = visitor_number(request) or secrets.token_urlsafe(16)
    wordings = {each.place: wording_in_language(each.variant_of(visitor)) for each in experiments}
    return Wording(visitor, wordings)


def visitor_number(request: HttpRequest) -> str:
    """The visitor number in the cookie, or ''."""
    sent = request.COOKIES.get(settings.VISITOR_COOKIE_NAME, "")
    return sent if re.fullmatch(r"[\w-]{22}", sent, re.ASCII) else ""


def set_visitor_cookie(response: HttpResponse, words: Wording) -> None:
    """Set or extend the cookie with the visitor number."""
    if words.visitor:
        response.set_cookie(
            settings.VISITOR_COOKIE_NAME,
            words.visitor,
            max_age=retention_period(),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def variants_of(visitor: str, questionnaire: str) -> dict[str, str]:
    """{experiment: variant} of a new assessment, including the variant of its mail's subject."""
    if visitor:
        return running.assigned_variants(visitor, *Placement, questionnaire=questionnaire)
    unit = secrets.token_urlsafe(16)
    return running.assigned_variants(unit, Placement.MAIL_SUBJECT, questionnaire=questionnaire)


@require_safe
@never_cache
def count_view(request: HttpRequest) -> HttpResponse:
    """Count a view by an image on the landing page, which browsers load and most bots do not."""
    visitor = visitor_number(request)
    if visitor and browser_info(request.headers.get("User-Agent", "")).get("device") != "bot":
        experiments = running.experiments_at(*LANDING, questionnaire=requested_key(request))
        running.record_exposures([(each, each.variant_of(visitor)) for each in experiments], visitor)
    return HttpResponse(DOT, content_type="image/svg+xml")
