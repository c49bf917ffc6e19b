"""Typed and proven addresses: what each permits.

Anyone can type any address, so a new address is *typed*. It becomes *proven*, for this assessment and this
address, when its holder clicks a button on the page behind a link that we mailed to it. Opening the link is
not enough: mail scanners open every link. A different address is typed again. Name, company and phone are the
holder's own only in the browser in which they clicked, or once they corrected them: another assessment of the
address may be a stranger's. The table is also in docs/privacy.md.
"""

from collections.abc import Iterable
from enum import StrEnum

from django.db import transaction

from assessments.lifecycle.assessments_of_person import address_of
from assessments.models import (
    AddressProof,
    Assessment,
    AssessmentLink,
    AssessmentSession,
    LinkPurpose,
    PrivacyLink,
)
from assessments.signals import lead_changed
from encryption.email_addresses import address_hash


class Act(StrEnum):
    """What a person does with an address that they entered."""

    CREATE = "create a contact and a deal in HubSpot"
    FILL = "fill what is empty on a contact that was there before"
    OVERWRITE = "overwrite or rename a contact that was there before"
    CONSENT = "agree or object, for this assessment"
    CONSENT_FOR_ADDRESS = "agree or object, for every assessment of the address"
    MARKETING = "get news and offers"
    READ = "read, correct and erase what others left under the address"
    RETURN = "come back after an erasure"


# Acts that need no proof; all others require it.
OPEN_TO_ALL = frozenset({Act.CREATE, Act.FILL, Act.CONSENT})


def is_allowed(act: Act, *, proven: bool) -> bool:
    """Whether the act is permitted for an address that is proven, or only typed."""
    return proven or act in OPEN_TO_ALL


def address_is_proven(assessment: Assessment) -> bool:
    """Whether the current address of this assessment is proven.

    At most two queries: none beyond `select_related("address_proof")` once the assessment is finished.
    """
    address = address_of(assessment) if proof_of(assessment) else None
    return bool(address and is_proven_for(assessment, address))


def details_are_proven(assessment: Assessment) -> bool:
    """Whether the holder of the proven address also gave the other contact details. Queries as above."""
    proof = proof_of(assessment)
    return proof is not None and proof.covers_details and address_is_proven(assessment)


def answers_are_proven(assessment: Assessment) -> bool:
    """Whether the holder of the proven address also gave the answers. Queries as above."""
    proof = proof_of(assessment)
    return proof is not None and proof.covers_answers and address_is_proven(assessment)


def is_proven_for(assessment: Assessment, address: str) -> bool:
    """Whether this address is proven for this assessment."""
    proof = proof_of(assessment)
    return proof is not None and proof.address_hash == address_hash(address)


def proof_of(assessment: Assessment) -> AddressProof | None:
    """The proof row, for whichever address; None without one."""
    return getattr(assessment, "address_proof", None)


def prove(
    assessments: Iterable[Assessment], owner: str, *, session_id: str | None = None, corrected: bool = False
) -> None:
    """Record that the holder of the address with the hash `owner` clicked on one of our mails. Idempotent.

    `session_id` is the session of the browser in which they clicked. From then on only this browser sees the
    contact details of its assessment; those of the other assessments are visible only on the privacy page.
    `corrected`: they also enter the contact details of all these assessments.
    Leads for which this proves more than before are announced: what was held back may be done now.
    """
    assessments = list(assessments)
    with transaction.atomic():
        lock_assessments(assessments)
        before = {
            proof.assessment_id: (proof.covers_details, proof.covers_answers)
            for proof in AddressProof.objects.filter(assessment__in=assessments, address_hash=owner)
        }
        proofs = {}
        for assessment in assessments:
            here = session_id == assessment.session_id
            details, answers = before.get(assessment.pk, (False, False))
            proofs[assessment] = AddressProof(
                assessment=assessment,
                address_hash=owner,
                session_id=session_id if here else None,
                covers_details=corrected or here or details,
                covers_answers=here or answers,
            )
        AddressProof.objects.bulk_create(
            proofs.values(),
            update_conflicts=True,
            unique_fields=["assessment"],
            update_fields=["address_hash", "session_id", "covers_details", "covers_answers"],
        )
        _end_keys_of_the_result_page(assessments)
        for assessment, proof in proofs.items():
            # An open assessment is announced when it ends, unless HubSpot has its contact already.
            has_left = assessment.lead_quality or assessment.hubspot_contact_id
            if has_left and before.get(assessment.pk) != (proof.covers_details, proof.covers_answers):
                lead_changed.send(Assessment, assessment=assessment)


def may_change_details(session: AssessmentSession) -> bool:
    """Whether the browser of this session may change the contact details of its assessment.

    Any browser may until an address of the assessment is proven; then only the one in which it was proven.
    """
    proof = proof_of(session.assessment)
    return proof is None or proof.session_id == session.pk


def shows_details(session: AssessmentSession) -> bool:
    """Whether that browser may see them; hides details left by another browser with another address."""
    proof = proof_of(session.assessment)
    address = session.assessment.email or session.email
    return may_change_details(session) and (
        proof is None or not address or is_proven_for(session.assessment, address)
    )


def lock_assessments(assessments: Iterable[Assessment]) -> None:
    """Wait for whoever decides by a proof of these assessments, such as on a key, and hold up others."""
    keys = [assessment.pk for assessment in assessments]
    list(Assessment.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def end_proof(assessment: Assessment, address: str | None) -> None:
    """Delete the proof if the new address, typed in a permitted browser, differs from the proven one.

    Links to continue that were mailed to the proven one end: it may be somebody else's.
    """
    proof = proof_of(assessment)
    if proof and address and not is_proven_for(assessment, address):
        links = AssessmentLink.objects.filter(assessment=assessment, purpose=LinkPurpose.RESUME)
        links.filter(address_hash=proof.address_hash).revoke()
        proof.delete()


def hide_details(assessment: Assessment) -> None:
    """Hide the contact details from all browsers, as staff entered what a person told them. Idempotent.

    Whoever typed the address may be somebody else. A click on one of our mails shows them again.
    """
    with transaction.atomic():
        lock_assessments([assessment])
        AddressProof.objects.get_or_create(assessment=assessment, defaults={"address_hash": ""})
        _end_keys_of_the_result_page([assessment])


def _end_keys_of_the_result_page(assessments: Iterable[Assessment]) -> None:
    """A link made there may be in the hands of someone who only typed the address."""
    PrivacyLink.objects.filter(assessment__in=assessments, address_hash=None).revoke()
