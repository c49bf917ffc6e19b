"""Opening what a link leads to, or saying why it does not any more."""

from datetime import datetime, timedelta

from constance import config

from assessments.errors import LinkClosed
from assessments.models import Assessment, LinkPurpose, RunLink


def end_of(run: Assessment) -> datetime:
    """When whatever was kept of this run's person goes, and every link to the run with it."""
    return run.created_at + timedelta(days=config.EMAIL_RETENTION_DAYS)


def opened(token: str, purpose: LinkPurpose) -> RunLink:
    """The link of a token with its run, as long as it opens it. One query.

    Raises LinkClosed with the reason: unknown, revoked, expired, or finished for one to go on with.
    """
    link = RunLink.objects.of_token(token[:200], purpose).first()
    if link is None:
        raise LinkClosed(purpose, "unknown")
    run = link.assessment
    if link.revoked_at:
        raise LinkClosed(purpose, "revoked")
    if purpose == LinkPurpose.RESUME and run.completed_at:
        raise LinkClosed(purpose, "finished")
    if min(link.expires_at, end_of(run)) <= link.now or run.email_scrubbed_at or not open_enough(link):
        raise LinkClosed(purpose, "expired")
    return link


def open_enough(link: RunLink) -> bool:
    """A result to look at, or a session to go on with."""
    if link.purpose != LinkPurpose.RESUME:
        return link.assessment.completed_at is not None
    return hasattr(link.assessment, "session") and link.assessment.session.expires_at > link.now
