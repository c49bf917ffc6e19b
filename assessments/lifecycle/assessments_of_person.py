"""Find all assessments of one person by their e-mail address."""

from django.db.models import Q

from assessments.models import Assessment, AssessmentSession
from encryption.email_addresses import canonical_address


def assessments_of(address: str) -> list[Assessment]:
    """The assessments with this address, finished or open, newest first. Always two queries."""
    open_ones = AssessmentSession.objects.of_address(address).values_list("pk", flat=True)
    found = Assessment.objects.filter(Q(email=address) | Q(session_id__in=list(open_ones)))
    return list(found.select_related("address_proof").order_by("-created_at", "pk"))


def address_of(assessment: Assessment) -> str | None:
    """The canonical address of an assessment, which is in its session until it is finished."""
    if assessment.email:
        return canonical_address(assessment.email)
    session = AssessmentSession.objects.filter(assessment=assessment).first()
    return canonical_address(session.email) if session and session.email else None
