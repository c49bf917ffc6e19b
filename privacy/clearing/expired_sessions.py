"""Sessions whose time is over: what was chosen stays as responses for drop-off figures, the row goes.

A session ends with its time, and with it whatever tells of a person. Only an address is kept a little longer,
by a retention of its own that is shorter than that of a lead: it may still have to reach HubSpot, and whoever
left it may want to go on. When it goes, nothing is left that could be sent; what was sent before stays there.
"""

from django.db import transaction
from django.db.models import QuerySet

from assessments.lifecycle.completion import end_unfinished
from assessments.models import AssessmentSession
from audit.models import SystemLog
from privacy.clearing.due import (
    BATCH,
    SESSIONS,
    Progress,
    database_now,
    retention_of,
    rows_past_retention,
    unseen,
)


def sessions_past_retention() -> QuerySet[AssessmentSession]:
    """Expired sessions, those with an address only after their retention: as the data map says."""
    return rows_past_retention(SESSIONS, retention_of(SESSIONS), database_now())


def cleanup_sessions(progress: Progress = unseen) -> int:
    """Remove every session that is past its retention; how many."""
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
