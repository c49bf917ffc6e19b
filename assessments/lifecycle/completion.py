"""End an assessment: record its result, or close one whose session has expired.

The caller has the transaction, and the locks of expired sessions.
"""

from collections.abc import Collection
from datetime import UTC, timedelta
from typing import cast

from constance import config
from django.db.models import Case, F, OuterRef, Subquery, Value, When

from assessments.bots.submit import device_signs, submit_signs
from assessments.lifecycle import answer_validation, uploads
from assessments.lifecycle.statements import GivenAnswer, store_result
from assessments.models import Assessment, AssessmentSession, DailyFigure, Response
from assessments.models.assessment import SyncStatus
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.signs import Sign, merge_signs
from assessments.signals import Insert, lead_finishes
from assessments.statistics.figure import Figure
from scorecard import versions
from scorecard.definition import Definition
from scorecard.question_types import type_of
from scorecard.recommendations import recommend
from scorecard.scoring import score

RESULT_FIELDS = (
    "responses",
    "total_score",
    "score_breakdown",
    "score_category",
    "recommendations",
    "completed_at",
    "completion_time_seconds",
)
LEAD_FIELDS = (
    *CONTACT_FIELDS,
    "lead_quality",
    "qualified_for_briefing",
    "contact_depth",
    "hubspot_sync_status",
    "email_delivery_status",
    "doubts",
    "address_checked_at",
)


def record_result(
    session: AssessmentSession,
    assessment: Assessment,
    definition: Definition,
    *,
    proven: bool,
    lifetime: timedelta,
    signs: Collection[Sign] = (),
) -> bool:
    """Store score, category, recommendations, lead quality and responses, and clear the session.

    The session lives on for `lifetime`, to show the result. One statement. Returns False, and stores nothing,
    when the session or the assessment was written since it was read.
    """
    session.responses = answer_validation.counted_answers(definition, session.responses)
    assessment.responses = session.responses
    uploads.keep_answered(assessment, definition, session.responses)
    if definition.has_score:
        result = score(definition, session.responses)
        assessment.total_score = result.total
        assessment.score_breakdown = dict(result.areas)
        assessment.score_category = result.category
        assessment.recommendations = [advice.title for advice in recommend(definition, result.areas)]
    assessment.completed_at = session.now
    assessment.completion_time_seconds = int((session.now - session.started_at).total_seconds())
    for name in CONTACT_FIELDS:
        setattr(assessment, name, getattr(session, name))
    shown = submit_signs(
        seconds=assessment.completion_time_seconds,
        least_seconds=config.LEAST_SECONDS,
        browser=assessment.browser_info,
        proven=proven,
    )
    assessment.doubts = merge_signs([*session.doubts, *assessment.doubts], *shown, *signs)
    assessment.requalify()
    return store_result(
        session,
        (*RESULT_FIELDS, *LEAD_FIELDS),
        responses_of(session, assessment),
        lifetime=lifetime,
        also=queue_rows(assessment),
    )


def queue_rows(assessment: Assessment) -> list[Insert]:
    """What apps above store together with the result of a lead."""
    if not assessment.lead_quality:
        return []
    answered = lead_finishes.send(Assessment, assessment=assessment)
    return [cast("Insert", insert) for _, insert in answered if insert]


def responses_of(session: AssessmentSession, assessment: Assessment) -> list[GivenAnswer]:
    """One per answer of the session, in the format of its question type."""
    questions = versions.get(assessment.version_id).definition.questions
    return [
        GivenAnswer(
            key,
            type_of(questions[key]).to_response(answer),
            session.time_spent.get(key),
            session.last_activity,
        )
        for key, answer in session.responses.items()
    ]


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
