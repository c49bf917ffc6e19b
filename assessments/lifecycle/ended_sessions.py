"""Sessions that have ended without a submit: announce their leads, and close their assessments."""

from collections.abc import Collection
from datetime import UTC

from django.db import transaction
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Now

from assessments.bots.submit import device_signs
from assessments.lifecycle import answer_validation, consents, uploads
from assessments.lifecycle.services import announce_open_lead
from assessments.lifecycle.statements import responses_of
from assessments.models import Assessment, AssessmentSession, DailyFigure, Purpose, Response
from assessments.models.assessment import SyncStatus
from assessments.models.signs import merge_signs
from assessments.statistics.figure import Figure
from scorecard import versions


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


def end_unfinished(sessions: Collection[AssessmentSession]) -> None:
    """Close unfinished assessments: keep impersonal answers and the last step, delete their sessions.

    Marked ones count in no figure. The caller has locked the rows and loaded the assessments. Four queries,
    and one more if any is marked.
    """
    mark_unfinished(sessions)
    uploads.remove_unfinished(sessions)
    for session in sessions:
        definition = versions.get(session.assessment.version_id).definition
        session.responses = answer_validation.impersonal_answers(definition, session.responses)
    Response.objects.bulk_create(
        [
            Response(assessment=session.assessment, **answer._asdict())
            for session in sessions
            for answer in responses_of(session, session.assessment)
        ],
        ignore_conflicts=True,
    )
    DailyFigure.objects.bulk_create(
        DailyFigure(
            day=session.assessment.created_at.astimezone(UTC).date(),
            version_id=session.assessment.version_id,
            figure=Figure.LEFT,
            number=session.current_step,
            assessments=1,
        )
        for session in sessions
        if not session.assessment.doubts
    )
    of_assessment = AssessmentSession.objects.filter(pk=OuterRef("session_id"))
    is_pending = When(hubspot_sync_status=SyncStatus.PENDING, then=Value(SyncStatus.SKIPPED))
    Assessment.objects.filter(pk__in=[session.assessment.pk for session in sessions]).update(
        hubspot_sync_status=Case(is_pending, default=F("hubspot_sync_status")),
        last_step=Subquery(of_assessment.values("current_step")),
    )
    AssessmentSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()


def mark_unfinished(sessions: Collection[AssessmentSession]) -> None:
    """Give unfinished assessments the marks of their sessions, before anything of them is counted."""
    marked = []
    for session in sessions:
        assessment = session.assessment
        signs = merge_signs([*session.doubts, *assessment.doubts], *device_signs(assessment.browser_info))
        if signs != assessment.doubts:
            assessment.doubts = signs
            marked.append(assessment)
    if marked:
        Assessment.objects.bulk_update(marked, ["doubts"])
