"""Consents given and withdrawn: an append-only log.

It is proof that must outlive the personal data, so a row stores a keyed hash of the address, and no
reference to an assessment, which would lead back to the person.
"""

from collections.abc import Collection
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


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


class ConsentQuerySet(models.QuerySet["Consent"]):
    def latest_choices(self, hashes: Collection[str]) -> dict[tuple[str, str], tuple[bool, datetime]]:
        """The latest choice on each purpose: {(address hash, purpose): (given, recorded at)}."""
        latest = self.filter(address_hash__in=hashes).order_by("address_hash", "purpose", "-id")
        rows = latest.distinct("address_hash", "purpose")
        found = rows.values_list("address_hash", "purpose", "given", "recorded_at")
        return {(address, purpose): (given, at) for address, purpose, given, at in found}

    def current(self, hashes: Collection[str]) -> dict[tuple[str, str], bool]:
        """The latest choice on each purpose: {(address hash, purpose): given}; without those never asked."""
        return {key: given for key, (given, _) in self.latest_choices(hashes).items()}


class Consent(models.Model):
    address_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose)
    given = models.BooleanField()  # False: withdrawn, or objected to
    text = models.TextField()  # beside the box
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
            # The latest choice of one person on one purpose.
            models.Index(fields=["address_hash", "purpose", "-id"], name="consents_latest"),
            # The end of their retention.
            models.Index(fields=["recorded_at"], name="consents_recorded"),
        ]
        triggers = [pgtrigger.Protect(name="consents_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {'given' if self.given else 'withdrawn'}"
