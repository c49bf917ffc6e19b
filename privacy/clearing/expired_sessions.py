"""Clean up expired sessions: save the choices as responses for drop-off figures, delete the row.

A session's personal data is deleted when it expires. An abandoned session with an address is stored for its
own retention, shorter than that of a lead, so that it can still be synced to HubSpot and resumed. After that
nothing is left to send; what HubSpot already has stays there.
"""

from django.db import transaction
from django.db.models import QuerySet

from assessments.lifecycle.ended_sessions import end_unfinished
from assessments.models import AssessmentSession
from audit.models import SystemLog
from privacy.clearing.due import BATCH, SESSIONS, retention_of, rows_past_retention
from queues.database_clock import database_now
from queues.progress import Progress, no_progress


def sessions_past_retention() -> QuerySet[AssessmentSession]:
    """Return expired sessions; those with an address only once past their retention in the data map."""
    return rows_past_retention(SESSIONS, retention_of(SESSIONS), database_now())


def cleanup_sessions(progress: Progress[int] = no_progress) -> int:
    """Delete every session past its retention; return how many."""
    total = 0
    while rows := cleanup_batch():
        total += rows
        progress(rows)
    SystemLog.objects.record("session_cleanup", "Expired sessions were removed", sessions_removed=total)
    return total


def cleanup_batch() -> int:
    with transaction.atomic():
        found = (
            sessions_past_retention()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("assessment")
        )
        batch = list(found.order_by("expires_at")[:BATCH])
        finished = [session.pk for session in batch if session.assessment.completed_at]
        AssessmentSession.objects.filter(pk__in=finished).delete()
        end_unfinished([session for session in batch if not session.assessment.completed_at])
    return len(batch)
