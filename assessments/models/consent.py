"""Consents given and withdrawn: an append-only log.

The log is proof that must outlive the personal data, so a row has a keyed hash of the address and no
reference to an assessment, which would lead back to the data subject. A choice made with a typed address is
scoped to one assessment: its row has a keyed hash of both, which cannot be recomputed once the assessment has
lost its address.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from web.databases.statements import Statement

LATEST_CHOICES = Statement(Path(__file__).with_name("sql") / "latest_choices.sql")


class Purpose(models.TextChoices):
    RESULT = "result", "My result by e-mail"
    FOLLOW_UP = "follow_up", "Being contacted about my result"
    MARKETING = "marketing", "News and offers"


class ConsentSource(models.TextChoices):
    """Where the choice was made."""

    STEP = "step", "A page of the form"
    RESULTS = "results", "The result page"
    API = "api", "The API"
    PRIVACY_PAGE = "privacy_page", "The privacy page"
    STAFF = "staff", "Told to a member of staff"
    MAIL = "mail", "The button behind a mailed link"
    UNSUBSCRIBE = "unsubscribe", "The unsubscribe link of a mail"


@dataclass(slots=True)
class LatestChoices:
    """What was said last: {(address, scope, None for the address itself): {purpose: given}}, as hashes.

    Purposes never asked are missing. `newest` is the highest id among these rows, 0 without any.
    """

    given: dict[tuple[str, str | None], dict[str, bool]] = field(default_factory=dict)
    newest: int = 0


class ConsentQuerySet(models.QuerySet["Consent"]):
    def latest_choices(self, addresses: Collection[str], scopes: Collection[str]) -> LatestChoices:
        """The latest choices for these addresses and within these scopes, all given as hashes. One query."""
        found = LatestChoices()
        for address, scope, purpose, given, number in LATEST_CHOICES.all(
            addresses=list(addresses), scopes=list(scopes)
        ):
            found.given.setdefault((address, scope), {})[purpose] = given
            found.newest = max(found.newest, number)
        return found


class Consent(models.Model):
    address_hash = models.CharField(max_length=64)
    scope = models.CharField(max_length=64, null=True)  # hash with the assessment; None: all of the address
    purpose = models.CharField(max_length=20, choices=Purpose)
    given = models.BooleanField()  # False: withdrawn, or objected to
    text = models.TextField()  # the text shown beside the checkbox
    text_version = models.CharField(max_length=20)
    source = models.CharField(max_length=20, choices=ConsentSource)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ConsentQuerySet.as_manager()

    class Meta:
        db_table = "consents"
        constraints = [
            models.CheckConstraint(name="consents_purpose", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="consents_source", condition=Q(source__in=ConsentSource.values)),
        ]
        indexes = [
            # The latest choice of one person for one purpose.
            models.Index(fields=["address_hash", "purpose", "-id"], name="consents_latest"),
            # Retention.
            models.Index(fields=["recorded_at"], name="consents_recorded"),
        ]
        triggers = [pgtrigger.Protect(name="consents_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {'given' if self.given else 'withdrawn'}"
