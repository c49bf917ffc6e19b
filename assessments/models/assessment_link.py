"""Links to an assessment: a shared score, a report, or a session to continue on another device.

A token is the HMAC of the row's id under SECRET_KEY (256 bits), and the row stores its SHA-256. The database
alone opens no link, and the owner can see the same link again. The table is still named `run_links`.
"""

import base64
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject, Now
from django.utils.crypto import salted_hmac

from assessments.models.assessment import Assessment
from assessments.models.session import hash_token
from encryption.email_addresses import address_hash
from encryption.fields import EncryptedAddressField


class LinkPurpose(models.TextChoices):
    SHARED = "shared", "Score to share"
    REPORT = "report", "Report to keep"
    RESUME = "resume", "Going on elsewhere"


def token_of(key: uuid.UUID) -> str:
    """The token of the link with this id; it changes with SECRET_KEY."""
    digest = salted_hmac("assessments.run_link", key.hex, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def shared_token(found: Mapping[str, str] | None) -> str:
    """The token of the link selected by `for_display`; '' without one, or when SECRET_KEY has changed."""
    if found is None:
        return ""
    token = token_of(uuid.UUID(found["id"]))
    return token if hash_token(token) == found["token_hash"] else ""


class AssessmentLinkQuerySet(models.QuerySet["AssessmentLink"]):
    def make(
        self, assessment: Assessment, purpose: LinkPurpose, *, expires_at: Any, address: str | None = None
    ) -> "AssessmentLink":
        """Create a link. `address` is where it will be mailed; after that only its hash is stored."""
        link = self.model(
            assessment=assessment,
            purpose=purpose,
            expires_at=expires_at,
            address=address,
            address_hash=address_hash(address) if address else None,
        )
        link.token_hash = hash_token(token_of(link.id))
        link.save(force_insert=True)
        return link

    def make_once(
        self,
        key: uuid.UUID,
        assessment: Assessment,
        purpose: LinkPurpose,
        *,
        expires_at: Any,
        owner: str,
    ) -> "AssessmentLink":
        """The link with this id, created if absent. A click proves the address of `owner`. Idempotent."""
        link = self.model(id=key, assessment=assessment, purpose=purpose, expires_at=expires_at)
        link.address_hash, link.token_hash = address_hash(owner), hash_token(token_of(key))
        self.bulk_create([link], ignore_conflicts=True)
        return link

    def share(self, assessment: Assessment, *, expires_at: datetime) -> None:
        """Create the single link for sharing unless there is one already. Idempotent."""
        link = self.model(assessment=assessment, purpose=LinkPurpose.SHARED, expires_at=expires_at)
        link.token_hash = hash_token(token_of(link.id))
        self.bulk_create([link], ignore_conflicts=True)

    def of_token(self, token: str, purpose: LinkPurpose) -> Self:
        """The link for a token, valid or not, with assessment and session; `now` is the database's clock."""
        found = self.filter(token_hash=hash_token(token), purpose=purpose)
        return found.select_related("assessment__session").annotate(now=Now())

    def active(self) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=Now())

    def for_display(self) -> Any:
        """For a subquery: the link for sharing as {id, token_hash}."""
        shared = self.active().filter(purpose=LinkPurpose.SHARED)
        return shared.values(found=JSONObject(**{name: name for name in ("id", "token_hash")}))[:1]

    def revoke(self) -> int:
        return self.filter(revoked_at__isnull=True).update(revoked_at=Now())


class AssessmentLink(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    token_hash = models.CharField(max_length=64)
    address = EncryptedAddressField(null=True)  # where it will be mailed; cleared afterwards
    address_hash = models.CharField(max_length=64, null=True)  # hash of the address that a click proves
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    now: datetime  # the database's clock, as read by `of_token`

    objects = AssessmentLinkQuerySet.as_manager()

    class Meta:
        db_table = "run_links"
        default_permissions = ()
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["token_hash"], name="run_links_token"),
            models.UniqueConstraint(
                fields=["assessment"],
                name="run_links_one_shared",
                condition=Q(purpose="shared", revoked_at__isnull=True),
            ),
            models.CheckConstraint(name="run_links_purpose", condition=Q(purpose__in=LinkPurpose.values)),
        ]
        indexes = [
            # Retention.
            models.Index(fields=["expires_at"], name="run_links_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} of {self.assessment_id}"

    def forget_address(self) -> None:
        """Clear the address after the mail has been sent."""
        AssessmentLink.objects.filter(pk=self.pk).update(address=None)

    @property
    def token(self) -> str:
        """The token; invalid after SECRET_KEY has changed."""
        return token_of(self.id)
