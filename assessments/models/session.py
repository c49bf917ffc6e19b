"""The working state of an open assessment: one row, one UPDATE per save, deleted after it expires.

The browser has the token, the row its SHA-256: read access to the table opens no session.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q, Subquery, Value
from django.db.models.functions import Now
from django.utils.translation import gettext

from assessments.models.assessment import Assessment
from assessments.models.contact import ContactFields, ContactQuerySet
from encryption.sealed_json import SealedJSONField


def hash_token(token: str) -> str:
    """The SHA-256 of a token, as stored, in hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


class AssessmentSessionQuerySet(ContactQuerySet["AssessmentSession"]):
    def of_token(self, token: str) -> Self:
        """The session for a token, with its assessment, the proof of its address, and the clock as `now`."""
        found = self.filter(pk=hash_token(token))
        return found.select_related("assessment__address_proof").annotate(now=Now())

    def with_links(self, *, shared: Any, invitation: Any) -> Self:
        """Annotate `shared_link` and `invitation`: what these subqueries find."""
        return self.annotate(shared_link=Subquery(shared), invitation=Subquery(invitation))

    def open(self) -> Self:
        return self.filter(expires_at__gt=Now())


class AssessmentSession(ContactFields):
    assessment = models.OneToOneField(
        Assessment,
        on_delete=models.CASCADE,
        primary_key=True,
        to_field="session_id",
        db_column="session_id",
        related_name="session",
    )
    current_step = models.IntegerField(default=0)
    total_steps = models.IntegerField()
    responses = SealedJSONField(default=dict)  # personal answers are sealed
    # Seconds per question key, as reported by the browser.
    time_spent = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    # Seed 002: {percentage, answered, total} of the questions that are shown, and, where answers open
    # questions, {activeQuestionIds, skippedQuestionIds, branchHistory}. See scorecard/adaptive/paging.py.
    progress = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    adaptive_state = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    doubts = ArrayField(models.CharField(max_length=20), default=list, db_default=Value([]), blank=True)

    ip_address_hash = models.CharField(max_length=64, null=True)
    user_agent = models.TextField(null=True)
    referrer_source = models.CharField(max_length=255, null=True)
    ab_test_variant = models.CharField(max_length=50, null=True)

    started_at = models.DateTimeField(db_default=Now())
    last_activity = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    announced_at = models.DateTimeField(
        null=True
    )  # when its expiry was processed: lifecycle/ended_sessions.py
    now: datetime  # the database's clock, as read by `of_token`
    # The transactions that wrote session and assessment last (xmin), as read by statements.find_session.
    written_by: tuple[str, str]
    # As read by `services.open_result`: see models/assessment_link.py and models/invitation.py.
    shared_link: Mapping[str, str] | None
    invitation: Mapping[str, str] | None

    objects = AssessmentSessionQuerySet.as_manager()

    class Meta:
        db_table = "assessment_sessions"
        constraints = [
            models.CheckConstraint(
                name="sessions_current_step",
                condition=Q(current_step__gte=0, current_step__lte=F("total_steps")),
            ),
        ]
        indexes = [
            # Retention, hourly. Every save changes the column: in BRIN that costs no new entry (HOT update).
            BrinIndex(fields=["expires_at"], name="sessions_expiry", pages_per_range=16),
            # Open assessments of one person: privacy page, erasure.
            models.Index(fields=["email"], name="sessions_email", condition=Q(email__isnull=False)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stamp_last_activity",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                # The statements of the hot path set it themselves: the call would be a tenth of a save.
                condition=pgtrigger.Condition("NEW.last_activity IS DISTINCT FROM now()"),
                func="NEW.last_activity = now(); RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return gettext("Session of %(assessment)s") % {"assessment": self.assessment_id}
