"""Links to the privacy page: tokens of 256 random bits, stored as SHA-256, that expire or are revoked.

A link mailed to an address opens all data of that address, even after the assessment has another one. The row
therefore contains the address, encrypted with the token: the database alone cannot reveal it. A link made on
the result page opens that assessment only, because the address typed there is not proven.
"""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from assessments.models.assessment import Assessment
from assessments.models.session import hash_token
from assessments.models.suppression import SuppressedAddress
from encryption.email_addresses import address_hash, canonical_address
from encryption.keys import Key

TOKEN_BYTES = 32  # 256 bits
COLUMN = "privacy_links.address"
MAILED = timedelta(days=30)
ON_THE_PAGE = timedelta(hours=1)


def seal_address(address: str, token: str) -> str:
    """Encrypt the address with the token, for `PrivacyLink.sealed_address`."""
    return Key(token).encrypt(COLUMN, canonical_address(address), searchable=False)


class PrivacyLinkQuerySet(models.QuerySet["PrivacyLink"]):
    def make(self, assessment: Assessment, *, address: str | None = None) -> str:
        """Create a link to this assessment or, mailed to `address`, to its person; returns the token."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        if address:
            self.mail(assessment, address=address, token=token)
        else:
            self.create(token_hash=hash_token(token), assessment=assessment, expires_at=Now() + ON_THE_PAGE)
        return token

    def mail(self, assessment: Assessment, *, address: str, token: str) -> None:
        """Create or renew the link with this token, mailed to the person of `address`. Idempotent."""
        link = self.model(
            token_hash=hash_token(token),
            assessment=assessment,
            address_hash=address_hash(address),
            sealed_address=seal_address(address, token),
            expires_at=Now() + MAILED,
        )
        self.bulk_create(
            [link], update_conflicts=True, unique_fields=["token_hash"], update_fields=["expires_at"]
        )

    def of_token(self, token: str) -> Self:
        """The valid link for a token."""
        open_ones = self.filter(expires_at__gt=Now(), revoked_at__isnull=True)
        return open_ones.filter(token_hash=hash_token(token)).select_related("assessment", "erasure")

    def opened_by(self, token: str) -> "PrivacyLink | None":
        """The valid link for a token, with the address to which it was mailed. One query."""
        link = self.of_token(token).first()
        if link and link.sealed_address:
            link.mailed_to = Key(token).decrypt(COLUMN, link.sealed_address, searchable=False)
        return link

    def of_person(self, assessments: Iterable[UUID], owner: str) -> Self:
        """The links mailed to the address with this hash, or made on the result page of these assessments."""
        return self.filter(Q(address_hash=owner) | Q(assessment__in=assessments, address_hash=None))

    def revoke(self) -> int:
        return self.filter(revoked_at__isnull=True).update(revoked_at=Now())

    def follow(self, assessments: Iterable[UUID], erasure: SuppressedAddress) -> None:
        """Redirect the links of the erased person to the status of the erasure.

        Mailed links stay valid until the answer to the person is due.
        """
        keys = self.of_person(assessments, erasure.address_hash)
        keys.filter(address_hash__isnull=False, expires_at__gt=Now()).update(expires_at=Now() + MAILED)
        keys.update(erasure=erasure, address_hash=None, sealed_address=None)


class PrivacyLink(models.Model):
    token_hash = models.CharField(primary_key=True, max_length=64)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="privacy_links")
    address_hash = models.CharField(max_length=64, null=True)  # of the address to which it was mailed
    sealed_address = models.TextField(null=True)  # that address, encrypted with the token
    erasure = models.ForeignKey(
        SuppressedAddress, on_delete=models.SET_NULL, related_name="+", null=True, db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    mailed_to: str | None = None  # the address, as decrypted by `opened_by`

    objects = PrivacyLinkQuerySet.as_manager()

    class Meta:
        db_table = "privacy_links"
        default_permissions = ()
        indexes = [
            # Retention.
            models.Index(fields=["expires_at"], name="privacy_links_expires"),
        ]

    @property
    def page_mark(self) -> str:
        """What the forms of its pages carry: the same for every link of one address."""
        erased = self.erasure.address_hash if self.erasure else None
        owner = self.address_hash or erased or self.token_hash
        return salted_hmac("privacy page", owner, algorithm="sha256").hexdigest()[:16]

    def __str__(self) -> str:
        return f"Privacy link to {self.assessment_id}"
