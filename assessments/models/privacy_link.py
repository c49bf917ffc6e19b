"""The keys to the privacy page: 256 random bits, of which we keep the SHA-256. They expire, or are revoked.

A key that was mailed to an address opens everything of that person. One that the result page made opens that
run alone: nobody has shown yet that the address which was typed there is his own.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models.functions import Now

from assessments.models.assessment import Assessment
from assessments.models.session import session_key
from assessments.models.suppression import SuppressedAddress
from encryption.email_addresses import address_hash

TOKEN_BYTES = 32  # 256 bits
MAILED = timedelta(days=30)
ON_THE_PAGE = timedelta(hours=1)


class PrivacyLinkQuerySet(models.QuerySet["PrivacyLink"]):
    def make(self, assessment: Assessment, *, address: str | None = None) -> str:
        """A new key to this run, or, mailed to `address`, to its person. The only time the token is known."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.create(
            token_hash=session_key(token),
            assessment=assessment,
            address_hash=address_hash(address) if address else None,
            expires_at=Now() + (MAILED if address else ON_THE_PAGE),
        )
        return token

    def of_token(self, token: str) -> Self:
        """The link that a token opens, as long as it does."""
        open_ones = self.filter(expires_at__gt=Now(), revoked_at__isnull=True)
        return open_ones.filter(token_hash=session_key(token)).select_related("assessment", "erasure")

    def revoke(self) -> int:
        return self.filter(revoked_at__isnull=True).update(revoked_at=Now())

    def follow(self, runs: Iterable[UUID], erasure: SuppressedAddress) -> None:
        """From now on the keys to these runs show what became of the erasure, and nothing else.

        Those that were mailed do so until it is due: whoever asked must be able to look until then.
        """
        keys = self.filter(assessment__in=runs)
        keys.filter(address_hash__isnull=False, expires_at__gt=Now()).update(expires_at=Now() + MAILED)
        keys.update(erasure=erasure, address_hash=None)


class PrivacyLink(models.Model):
    token_hash = models.CharField(primary_key=True, max_length=64)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="privacy_links")
    address_hash = models.CharField(max_length=64, null=True)  # to which it was mailed
    erasure = models.ForeignKey(
        SuppressedAddress, on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PrivacyLinkQuerySet.as_manager()

    class Meta:
        db_table = "privacy_links"
        default_permissions = ()
        indexes = [
            # The end of their retention.
            models.Index(fields=["expires_at"], name="privacy_links_expires"),
        ]

    def __str__(self) -> str:
        return f"Privacy link to {self.assessment_id}"
