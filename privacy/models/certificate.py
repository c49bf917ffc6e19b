"""Scrub certificates: counts of what each scrub cleared, written per batch, then sealed.

Sealed certificates are numbered and form a hash chain: changing one breaks the chain, and a trigger forbids
it anyway. A killed run leaves its certificate open with all it had cleared; the next run seals it as it is.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pgtrigger
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

LEFT_ALONE = timedelta(minutes=10)  # much longer than a batch may take: the run must have died
FIRST = "0" * 64  # previous hash of the first certificate
SEALED = (
    *("number", "started_at", "finished_at", "complete"),
    *("cutoffs", "counts", "unconfirmed", "map_version", "previous"),
)


class ScrubCertificateQuerySet(models.QuerySet["ScrubCertificate"]):
    def sealed(self) -> Self:
        return self.filter(number__isnull=False).order_by("number")

    def abandoned(self) -> Self:
        """Return open certificates of runs that died."""
        return self.filter(number__isnull=True, touched_at__lt=Now() - LEFT_ALONE).order_by("pk")


class ScrubCertificate(models.Model):
    """The certificate of one scrub.

    `counts` is {table: {"rows": n, column: values cleared}}, `cutoffs` {setting: ISO time}.
    """

    started_at = models.DateTimeField(db_default=Now())
    touched_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    complete = models.BooleanField(db_default=False)  # nothing due was left
    cutoffs = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    unconfirmed = models.IntegerField("scrubbed before HubSpot had them", db_default=0)
    map_version = models.CharField(max_length=64)
    number = models.PositiveIntegerField(null=True)
    previous = models.CharField(max_length=64, db_default="", blank=True)
    hash = models.CharField(max_length=64, db_default="", blank=True)

    objects = ScrubCertificateQuerySet.as_manager()

    class Meta:
        db_table = "scrub_certificates"
        verbose_name = "scrub certificate"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="scrub_certificates_number_once"),
            models.CheckConstraint(
                name="scrub_certificates_sealed_has_hash",
                condition=Q(number__isnull=True) | ~Q(hash="") & Q(finished_at__isnull=False),
            ),
        ]
        indexes = [
            # Open certificates of dead runs.
            models.Index(
                fields=["touched_at"], name="scrub_certificates_open", condition=Q(number__isnull=True)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="keep", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="freeze", operation=pgtrigger.Update, condition=pgtrigger.Q(old__number__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return _("Open certificate")
        return _("Certificate %(number)d") % {"number": self.number}

    @property
    def rows(self) -> int:
        """Return the rows cleared or deleted in all tables."""
        return sum(counts["rows"] for counts in self.counts.values())

    @property
    def duration(self) -> timedelta:
        return (self.finished_at or self.touched_at) - self.started_at

    def add(self, table: str, counts: Mapping[str, int], unconfirmed: int = 0) -> None:
        """Record a batch in the transaction that clears it, so that both commit or neither does."""
        known = self.counts.get(table, {})
        self.counts[table] = {name: known.get(name, 0) + count for name, count in counts.items()}
        own = type(self).objects.filter(pk=self.pk)
        own.update(counts=self.counts, unconfirmed=F("unconfirmed") + unconfirmed, touched_at=Now())

    def seal(self, *, complete: bool) -> None:
        """Assign its number, chain it to the previous one and close it. Idempotent."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('scrub certificates')), clock_timestamp()"
                )
                now = cursor.fetchone()[1]
            self.refresh_from_db()
            if self.number:
                return
            last = type(self).objects.sealed().last()
            self.number, self.previous = (last.number + 1, last.hash) if last and last.number else (1, FIRST)
            self.complete, self.finished_at = complete, now
            self.hash = self.digest()
            self.save(update_fields=["number", "previous", "complete", "finished_at", "hash"])

    def digest(self) -> str:
        """Return the SHA-256 over its content and the previous hash."""
        content = {name: json_value(getattr(self, name)) for name in SEALED}
        return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def canonical_json(content: dict[str, Any]) -> str:
    """Serialise to canonical JSON."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def json_value(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
