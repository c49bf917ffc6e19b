"""An invitation: the link by which the holder of a result asks colleagues to answer too.

What its sender sees of them are averages of pairs, nothing of one person: results/colleagues.py says why.
"""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Value
from django.db.models.functions import JSONObject, Now

from assessments.models.assessment import Assessment
from assessments.models.session import hash_token


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of_token(self, token: str) -> Self:
        """The invitation for a token, with the sender's assessment; `now` is the database's clock."""
        found = self.filter(token_hash=hash_token(token))
        return found.select_related("assessment").annotate(now=Now())

    def for_display(self) -> Any:
        """For a subquery: the invitation as {id, token_hash}."""
        return self.values(found=JSONObject(**{name: name for name in ("id", "token_hash")}))[:1]


class Invitation(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="invitation")
    token_hash = models.CharField(max_length=64)
    # {area, '' for the total: [pairs of colleagues, sum of their rounded averages]}
    averages = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    now: datetime  # the database's clock, as read by `of_token`

    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "invitations"
        default_permissions = ()
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["token_hash"], name="invitations_token"),
        ]
        indexes = [
            # Retention.
            models.Index(fields=["expires_at"], name="invitations_expires"),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.assessment_id}"


class InvitedAssessment(models.Model):
    """A colleague's assessment that may be counted; deleted as soon as it is."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, primary_key=True, related_name="invited"
    )
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="invited")

    class Meta:
        db_table = "invited_assessments"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.assessment_id}, invited by {self.invitation_id}"
