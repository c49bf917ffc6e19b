"""Proof that the e-mail address of an assessment belongs to its respondent: lifecycle/address_proof.py.

A separate row, so that an unproven address needs none. It stores a keyed hash of the address: once the
assessment has another address, the row proves nothing any more.
"""

from django.db import models
from django.db.models.functions import Now

from assessments.models.assessment import Assessment


class AddressProof(models.Model):
    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, primary_key=True, related_name="address_proof"
    )
    # Empty when staff corrected the details: proves no address, hides them from every browser.
    address_hash = models.CharField(max_length=64)
    # The session of the browser in which it was proven; None if proven on the privacy page alone.
    session_id = models.CharField(max_length=64, null=True)
    # Whether its holder also gave, or corrected, the contact details of the assessment.
    covers_details = models.BooleanField(db_default=False)
    # Whether its holder also gave the answers: proven in the browser of the assessment.
    covers_answers = models.BooleanField(db_default=False)
    proven_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "address_proofs"
        default_permissions = ()
        indexes = [
            # Whether the holder of an address ever gave details under it: the privacy page.
            models.Index(
                fields=["address_hash"],
                name="address_proofs_details",
                condition=models.Q(covers_details=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Proof of the address of {self.assessment_id}"
