"""What a person agreed to, and what she took back: lines that are only ever added.

The proof must outlive the person's data, so a line holds a keyed hash of the address and not the address, and
names no run: with a scrubbed run it would lead back to the person.
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


class Source(models.TextChoices):
    """Where the person said so."""

    STEP = "step", "A page of the form"
    RESULTS = "results", "The result page"
    API = "api", "The API"
    PRIVACY_PAGE = "privacy_page", "The privacy page"
    STAFF = "staff", "Told to a member of staff"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def last_words(self, hashes: Collection[str]) -> dict[tuple[str, str], tuple[bool, datetime]]:
        """The last word on each purpose, and when: {(address hash, purpose): (given, recorded at)}."""
        latest = self.filter(address_hash__in=hashes).order_by("address_hash", "purpose", "-id")
        rows = latest.distinct("address_hash", "purpose")
        found = rows.values_list("address_hash", "purpose", "given", "recorded_at")
        return {(address, purpose): (given, at) for address, purpose, given, at in found}

    def standing(self, hashes: Collection[str]) -> dict[tuple[str, str], bool]:
        """What stands of each purpose: {(address hash, purpose): given}. Never asked is not in it."""
        return {key: given for key, (given, _) in self.last_words(hashes).items()}


class Consent(models.Model):
    address_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=20, choices=Purpose)
    given = models.BooleanField()  # False: withdrawn, or objected to
    text = models.TextField()  # the words that stood beside the box
    text_version = models.CharField(max_length=20)
    source = models.CharField(max_length=20, choices=Source)
    recorded_at = models.DateTimeField(db_default=Now())

    objects = ConsentQuerySet.as_manager()

    class Meta:
        db_table = "consents"
        constraints = [
            models.CheckConstraint(name="consents_purpose", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="consents_source", condition=Q(source__in=Source.values)),
        ]
        indexes = [
            # The last word of one person on one purpose.
            models.Index(fields=["address_hash", "purpose", "-id"], name="consents_latest"),
            # The end of their retention.
            models.Index(fields=["recorded_at"], name="consents_recorded"),
        ]
        triggers = [pgtrigger.Protect(name="consents_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {'given' if self.given else 'withdrawn'}"
