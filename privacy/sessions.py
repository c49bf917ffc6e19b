"""Sessions whose time is over: their answers stay as responses for drop-off figures, the row goes.

With the session of an unfinished run its address goes, and nothing is left that could be sent to HubSpot.
What was sent before stays there.
"""

from django.db import transaction

from assessments.models import Assessment, AssessmentSession, Response
from assessments.models.assessment import SyncStatus
from assessments.services import responses_of
from audit.models import SystemLog
from privacy.retention import BATCH, Progress, unseen


def cleanup_sessions(progress: Progress = unseen) -> int:
    """Remove every expired session; how many."""
    total = 0
    while rows := cleanup_batch():
        total += rows
        progress(rows)
    SystemLog.objects.record("session_cleanup", "Expired sessions were removed", sessions_removed=total)
    return total


def cleanup_batch() -> int:
    with transaction.atomic():
        expired = list(
            AssessmentSession.objects.expired()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("assessment")
            .order_by("pk")[:BATCH]
        )
        unfinished = [session for session in expired if not session.assessment.completed_at]
        Response.objects.bulk_create(
            [response for session in unfinished for response in responses_of(session, session.assessment)],
            ignore_conflicts=True,
        )
        AssessmentSession.objects.filter(pk__in=[session.pk for session in expired]).delete()
        Assessment.objects.filter(
            pk__in=[session.assessment.pk for session in unfinished],
            hubspot_sync_status=SyncStatus.PENDING,
        ).update(hubspot_sync_status=SyncStatus.SKIPPED)
    return len(expired)
