"""All that one person left: her runs, by the address she gave."""

from django.db.models import Q

from assessments.models import Assessment, AssessmentSession
from encryption.email_addresses import canonical_address


def runs_of(address: str) -> list[Assessment]:
    """Every run with this address, finished or open, the newest first. Two queries, known or not."""
    folded = canonical_address(address)
    open_ones = AssessmentSession.objects.filter(email=folded).values_list("pk", flat=True)
    found = Assessment.objects.filter(Q(email=folded) | Q(session_id__in=list(open_ones)))
    return list(found.order_by("-created_at", "pk"))


def address_of(run: Assessment) -> str | None:
    """The address of a run: its own once it is finished, before that its session's."""
    if run.email:
        return canonical_address(run.email)
    session = AssessmentSession.objects.filter(assessment=run).first()
    return canonical_address(session.email) if session and session.email else None
