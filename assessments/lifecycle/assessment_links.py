"""Open an assessment link, or raise the reason why it is no longer valid."""

from datetime import datetime

from assessments.errors import LinkClosed
from assessments.models import Assessment, AssessmentLink, LinkPurpose
from assessments.retention import retention_period


def links_end_at(assessment: Assessment) -> datetime:
    """When the personal data of this assessment is scrubbed and its links expire."""
    return assessment.created_at + retention_period()


def open_assessment_link(token: str, purpose: LinkPurpose) -> AssessmentLink:
    """The valid link for a token, with its assessment. One query.

    Raises LinkClosed with the reason: unknown, revoked, expired, or (a resume link) finished.
    """
    link = AssessmentLink.objects.of_token(token[:200], purpose).first()
    if link is None:
        raise LinkClosed(purpose, "unknown")
    assessment = link.assessment
    if link.revoked_at:
        raise LinkClosed(purpose, "revoked")
    if purpose == LinkPurpose.RESUME and assessment.completed_at:
        raise LinkClosed(purpose, "finished")
    if (
        min(link.expires_at, links_end_at(assessment)) <= link.now
        or assessment.email_scrubbed_at
        or not has_target(link)
    ):
        raise LinkClosed(purpose, "expired")
    return link


def has_target(link: AssessmentLink) -> bool:
    """Whether there is a result to show, or for a resume link an open session."""
    if link.purpose != LinkPurpose.RESUME:
        return link.assessment.completed_at is not None
    return hasattr(link.assessment, "session") and link.assessment.session.expires_at > link.now
