"""Announce unfinished leads whose session has ended."""

from django.db import transaction
from django.db.models.functions import Now

from assessments.lifecycle import consents
from assessments.lifecycle.services import announce_open_lead
from assessments.models import AssessmentSession, Purpose


def announce_ended_sessions(limit: int = 500) -> int:
    """Announce unfinished leads with an expired session and consent to be contacted; returns how many.

    Each session is processed once: `announced_at` is set in the same transaction.
    """
    with transaction.atomic():
        ended = AssessmentSession.objects.filter(
            expires_at__lte=Now(),
            announced_at__isnull=True,
            email__isnull=False,
            assessment__completed_at__isnull=True,
        )
        locked = ended.select_for_update(skip_locked=True, of=("self",)).select_related("assessment")
        sessions = list(locked.order_by("expires_at")[:limit])
        choices = consents.choices_by_assessment(
            {session.assessment.pk: session.email for session in sessions if session.email}
        )
        agreed = [session for session in sessions if choices[session.assessment.pk].get(Purpose.FOLLOW_UP)]
        for session in agreed:
            announce_open_lead(session.assessment)
        AssessmentSession.objects.filter(pk__in=[session.pk for session in sessions]).update(
            announced_at=Now()
        )
    return len(agreed)
