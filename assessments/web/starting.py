"""Start a session for a request, from pages or API, on purpose also on a newer version.

An open session stays on its version: nothing moves by itself. Who asks for the newer one gets a new session,
which begins with the answers that still fit, and the old one ends like any that is left.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest

from assessments.lifecycle import services
from assessments.lifecycle.answer_validation import fitting_answers
from assessments.lifecycle.services import Started
from assessments.lifecycle.visitors import visitor_of
from assessments.models import AssessmentSession, InvitedAssessment
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
    before: AssessmentSession | None = None,
) -> tuple[Started, Allowance]:
    """Start a session of the questionnaire `key`, in its current version unless one is given.

    `sent` has the campaign parameters and the `referrer`, a host or a URL; `before` is the session whose
    answers are taken along.
    Raises TooManyRequests when this client exceeds its limit of starts.
    """
    client = client_hash(request)
    allowance = rate_limits.enforce_limit("starts", client)
    visitor = visitor_of(
        request.META.get("HTTP_USER_AGENT", ""),
        own_host=request.META.get("HTTP_HOST", ""),
        parameters=sent,
        referrer=sent.get("referrer", ""),
        client_hash=client,
        variants=variants_of(visitor_number, key),
        is_test=is_signed_in_staff(request),
    )
    started = services.start_assessment(version or versions.current(key), visitor)
    return take_answers_along(before, started) if before else started, allowance


def take_answers_along(before: AssessmentSession, started: Started) -> Started:
    """Save the fitting answers of an open session in the one that has just started."""
    old = versions.get(before.assessment.version_id).definition
    session = services.open_session(started.token)
    answers = fitting_answers(old, started.version.definition, before.responses)
    services.save_progress(session, step=0, answers=answers, sent_on=False)
    return Started(session, started.token, started.version)


def newer_version(session: AssessmentSession) -> PublishedVersion | None:
    """The version on which people start now, if it is newer than the session's.

    None for who was invited: their scores are compared with those of somebody on the same version.
    """
    own = versions.get(session.assessment.version_id)
    if own.definition.key not in versions.live_keys():
        return None
    latest = versions.current(own.definition.key)
    if latest.number <= own.number:
        return None
    is_invited = InvitedAssessment.objects.filter(assessment=session.assessment).exists()
    return None if is_invited else latest


def is_signed_in_staff(request: HttpRequest) -> bool:
    """Whether this browser is signed in to the back office. No query without its cookie."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and bool(getattr(request.user, "is_staff", False))


def is_of(session: AssessmentSession, key: str) -> bool:
    """Whether the session is of this questionnaire: at `/` the default may have changed meanwhile."""
    return versions.get(session.assessment.version_id).definition.key == key
