"""The durable queue of erasures: contacts that HubSpot must forget for good.

A row knows the contact by HubSpot's id, or by its address where no id is known, until HubSpot has forgotten
it; then the row forgets it too and stays as the proof.
"""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from assessments.models import SuppressedAddress
from encryption.fields import EncryptedAddressField

LEASE = timedelta(seconds=120)  # more than the calls of one erasure may take


class ErasureStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    LEASED = "leased", "On its way"
    DONE = "done", "Erased"
    FAILED = "failed", "Needs a person"


class ErasureQuerySet(models.QuerySet["HubSpotErasure"]):
    def due(self) -> Self:
        """Waiting and its time has come, or leased to a worker that never came back."""
        return self.filter(
            Q(status=ErasureStatus.WAITING, next_try_at__lte=Now())
            | Q(status=ErasureStatus.LEASED, lease_until__lt=Now())
        )

    def need_a_person(self) -> Self:
        """Failed for good."""
        return self.filter(status=ErasureStatus.FAILED)

    def open(self) -> Self:
        return self.exclude(status=ErasureStatus.DONE)

    def claim(self) -> "HubSpotErasure | None":
        """Lease the oldest due row to the caller; no two callers get one row."""
        token = uuid.uuid4()
        with transaction.atomic():
            due = self.due().select_for_update(skip_locked=True).order_by("next_try_at", "created_at")
            found = due.values_list("pk", flat=True).first()
            if found is None:
                return None
            self.filter(pk=found).update(
                status=ErasureStatus.LEASED,
                lease_token=token,
                lease_until=Now() + LEASE,
                claims=F("claims") + 1,
            )
        return self.defer("address").get(pk=found)  # to decrypt it may fail, and then the row must say so


class HubSpotErasure(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    erasure = models.ForeignKey(SuppressedAddress, on_delete=models.CASCADE, related_name="hubspot")
    contact_id = models.CharField(max_length=255, null=True)
    address = EncryptedAddressField(null=True)  # only where no id is known
    status = models.CharField(max_length=20, choices=ErasureStatus, db_default=ErasureStatus.WAITING)

    claims = models.IntegerField(db_default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    outages = models.IntegerField(db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    cause = models.CharField(max_length=100, db_default="", blank=True)

    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        db_table = "hubspot_erasures"
        verbose_name = "erasure in HubSpot"
        verbose_name_plural = "erasures in HubSpot"
        default_permissions = ("view", "change")  # to send again
        permissions = (("settle_hubspoterasure", "Can say that a contact was erased by hand"),)
        constraints = [
            models.CheckConstraint(name="erasures_status", condition=Q(status__in=ErasureStatus.values)),
            models.CheckConstraint(
                name="erasures_done_forgets",
                condition=~Q(status="done") | Q(contact_id__isnull=True, address__isnull=True),
            ),
        ]
        indexes = [
            # The claim: waiting rows by time, and leases that ran out.
            models.Index(fields=["next_try_at"], name="erasures_due", condition=Q(status="waiting")),
            models.Index(fields=["lease_until"], name="erasures_lease", condition=Q(status="leased")),
            # The end of their retention.
            models.Index(fields=["created_at"], name="erasures_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.erasure_id}"
