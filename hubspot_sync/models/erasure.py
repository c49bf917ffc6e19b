"""The durable queue of erasures: contacts to be erased from HubSpot permanently.

A row identifies the contact by its address, or by HubSpot's id and account, until HubSpot has erased it. The
row then drops the identifier and stays as proof.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import SuppressedAddress
from encryption.fields import EncryptedAddressField
from queues.leased_row import CAUSE_LENGTH, LeasedRow, LeasedRowQuerySet


class ErasureStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("On its way")
    DONE = "done", _("Erased")
    FAILED = "failed", _("Needs a person")


class ErasureQuerySet(LeasedRowQuerySet["HubSpotErasure"]):
    def without_address(self) -> Self:
        """Defer the address: decrypting one whose key is lost must not break the other rows."""
        return self.defer("address")


class HubSpotErasure(LeasedRow):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    erasure = models.ForeignKey(SuppressedAddress, on_delete=models.CASCADE, related_name="hubspot")
    contact_id = models.CharField(max_length=255, null=True)
    portal_id = models.CharField(max_length=20, null=True)  # the account to which the id belongs
    address = EncryptedAddressField(null=True)  # if there is no id
    status = models.CharField(max_length=20, choices=ErasureStatus, db_default=ErasureStatus.WAITING)
    failures = models.IntegerField(db_default=0, db_column="outages")
    failure_cause = models.CharField(max_length=CAUSE_LENGTH, db_default="", blank=True, db_column="cause")
    done_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        db_table = "hubspot_erasures"
        verbose_name = "erasure in HubSpot"
        verbose_name_plural = "erasures in HubSpot"
        default_permissions = ("view", "change")  # for a resend
        permissions = (("settle_hubspoterasure", "Can say that a contact was erased by hand"),)
        constraints = [
            models.CheckConstraint(name="erasures_status", condition=Q(status__in=ErasureStatus.values)),
            models.CheckConstraint(
                name="erasures_done_forgets",
                condition=~Q(status="done") | Q(contact_id__isnull=True, address__isnull=True),
            ),
        ]
        indexes = [
            # The claim: waiting rows by time, and expired leases.
            models.Index(fields=["next_try_at"], name="erasures_due", condition=Q(status="waiting")),
            models.Index(fields=["lease_until"], name="erasures_lease", condition=Q(status="leased")),
            # Retention.
            models.Index(fields=["created_at"], name="erasures_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.erasure_id}"
