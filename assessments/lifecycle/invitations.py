"""Colleagues: the link that invites them, and how their scores are counted.

Colleagues are counted when the sender looks, so that finishing an assessment costs nothing more.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from assessments.errors import LinkClosed
from assessments.lifecycle.assessment_links import links_end_at
from assessments.models import Assessment, Invitation, InvitedAssessment
from assessments.models.assessment_link import token_of
from assessments.models.session import hash_token
from assessments.results.colleagues import TOTAL, PairAverages, with_pair

PURPOSE = "invitation"


def invite(assessment: Assessment) -> None:
    """Create the link for colleagues unless there is one. Idempotent.

    A link made under another SECRET_KEY gets a new token: its own is lost.
    """
    new = Invitation(assessment=assessment, expires_at=links_end_at(assessment))
    new.token_hash = hash_token(token_of(new.id))
    Invitation.objects.bulk_create([new], ignore_conflicts=True)
    found = Invitation.objects.get(assessment=assessment)
    Invitation.objects.filter(pk=found.pk).update(token_hash=hash_token(token_of(found.pk)))


def open_invitation(token: str) -> Invitation:
    """The valid invitation for a token, with the assessment of its sender. One query.

    Raises LinkClosed with the reason: unknown or expired.
    """
    invitation = Invitation.objects.of_token(token[:200]).first()
    if invitation is None:
        raise LinkClosed(PURPOSE, "unknown")
    sender = invitation.assessment
    if min(invitation.expires_at, links_end_at(sender)) <= invitation.now or sender.email_scrubbed_at:
        raise LinkClosed(PURPOSE, "expired")
    return invitation


def note_invited(assessment: Assessment, invitation: Invitation) -> None:
    """Note that the scores of this assessment may count, unless the invitation is gone. Idempotent."""
    with transaction.atomic():
        if Invitation.objects.select_for_update(no_key=True).filter(pk=invitation.pk).exists():
            invited = InvitedAssessment(assessment=assessment, invitation=invitation)
            InvitedAssessment.objects.bulk_create([invited], ignore_conflicts=True)


def count_colleagues(invitation: UUID) -> PairAverages:
    """Count colleagues who have finished, two at a time in that order, and return all averages."""
    with transaction.atomic():
        found = Invitation.objects.select_for_update(no_key=True, of=("self",)).filter(pk=invitation).first()
        if found is None:
            return {}
        averages: PairAverages = {key: (pairs, total) for key, (pairs, total) in found.averages.items()}
        finished = found.invited.filter(assessment__total_score__isnull=False)
        waiting = list(
            finished.order_by("assessment__completed_at", "assessment_id").select_related("assessment")
        )
        pairs = list(zip(waiting[::2], waiting[1::2], strict=False))
        for one, other in pairs:
            averages = with_pair(averages, scores_of(one.assessment), scores_of(other.assessment))
        if pairs:
            Invitation.objects.filter(pk=found.pk).update(averages=averages)
            counted = [each.pk for pair in pairs for each in pair]
            InvitedAssessment.objects.filter(pk__in=counted).delete()
    return averages


def scores_of(assessment: Assessment) -> Mapping[str, int]:
    """The total and the score of each area of a finished assessment that has a score."""
    return {TOTAL: assessment.total_score or 0, **(assessment.score_breakdown or {})}
