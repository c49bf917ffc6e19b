"""Move an open assessment to the browser in which a mailed link was clicked."""

from django.db import transaction

from assessments.errors import LinkClosed
from assessments.lifecycle.address_proof import prove
from assessments.lifecycle.session_tokens import new_token
from assessments.models import Assessment, AssessmentLink, AssessmentSession, LinkPurpose
from assessments.models.contact import CONTACT_FIELDS
from assessments.models.session import hash_token
from encryption.email_addresses import address_hash


def take_over(link: AssessmentLink) -> str:
    """Move the session to the browser that opened a mailed link; returns its new token, the old one ends.

    Otherwise the first browser could read what is entered in this one: anyone can have a link to their own
    assessment mailed to anyone else. For the same reason contact details typed there do not come along,
    except the address that was mailed, and links mailed to other addresses end. The session row stays the
    same under a new key. Raises LinkClosed if another link was used meanwhile.
    """
    token = new_token(link.assessment.version_id)
    key = hash_token(token)
    with transaction.atomic():
        session = AssessmentSession.objects.select_for_update(of=("self",)).get(
            assessment__pk=link.assessment_id
        )
        if not AssessmentLink.objects.active().filter(pk=link.pk).exists():
            raise LinkClosed(LinkPurpose.RESUME, "revoked")
        others = AssessmentLink.objects.filter(assessment=link.assessment_id, purpose=LinkPurpose.RESUME)
        others.exclude(address_hash=link.address_hash).revoke()
        typed = dict.fromkeys(CONTACT_FIELDS)
        if session.email and link.address_hash == address_hash(session.email):
            typed["email"] = session.email
        AssessmentSession.objects.filter(pk=session.pk).update(assessment=key, **typed)
        Assessment.objects.filter(pk=link.assessment_id).update(session_id=key)
        link.assessment.session_id = key
        if link.address_hash:
            prove([link.assessment], link.address_hash, session_id=key)
    return token
