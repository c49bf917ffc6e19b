"""All that one person left: her runs, by the address she gave."""

from django.db.models import Q

from assessments.models import Assessment, AssessmentSession
from encryption.email_addresses import fold


def runs_of(address: str) -> list[Assessment]:
    """Every run with this address, finished or open, the newest first. Two queries, known or not."""
    folded = fold(address)
    open_ones = AssessmentSession.objects.filter(email=folded).values_list("pk", flat=True)
    found = Assessment.objects.filter(Q(email=folded) | Q(session_id__in=list(open_ones)))
    return list(found.order_by("-created_at", "pk"))


def address_of(run: Assessment) -> str | None:
    """The address of a run: its own once it is finished, before that its session's."""
    if run.email:
        return fold(run.email)
    session = AssessmentSession.objects.filter(assessment=run).first()
    return fold(session.email) if session and session.email else None
