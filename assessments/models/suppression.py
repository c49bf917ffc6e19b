"""The suppression list: keyed hashes of erased addresses, so that no import or restored backup reuses them.

When an address is entered again its suppression is lifted; the row stays as proof of the erasure.
"""

import uuid
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models.functions import Now

from encryption.email_addresses import address_hash, stored_hashes


class SuppressionQuerySet(models.QuerySet["SuppressedAddress"]):
    def active(self) -> Self:
        return self.filter(lifted_at__isnull=True)

    def suppress(self, address: str) -> "SuppressedAddress":
        """Add the address to the list, or renew the time of its erasure. Idempotent."""
        row, _ = self.update_or_create(
            address_hash=address_hash(address), defaults={"erased_at": Now(), "lifted_at": None}
        )
        row.refresh_from_db()
        return row

    def lift(self, address: str) -> None:
        """Lift the suppression of the address."""
        self.active().filter(address_hash__in=stored_hashes(address)).update(lifted_at=Now())

    def suppressed_among(self, addresses: Collection[str]) -> set[str]:
        """Which of these addresses are suppressed. One query."""
        hashes = {address: stored_hashes(address) for address in addresses}
        wanted = [each for found in hashes.values() for each in found]
        found = set(self.active().filter(address_hash__in=wanted).values_list("address_hash", flat=True))
        return {address for address, stored in hashes.items() if found.intersection(stored)}


class SuppressedAddress(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address_hash = models.CharField(max_length=64)
    erased_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        db_table = "suppressed_addresses"
        verbose_name = "erased address"
        default_permissions = ()
        permissions = [("answer_person", "Can answer people who ask about their data")]
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["address_hash"], name="suppressed_addresses_once"),
        ]
        indexes = [
            # Retention.
            models.Index(fields=["erased_at"], name="suppressed_addresses_erased"),
        ]

    def __str__(self) -> str:
        return f"Erasure {self.pk}"
