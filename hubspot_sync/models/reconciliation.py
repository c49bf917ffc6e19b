"""Comparing our leads with HubSpot's records: how far a run came, and what it found."""

import uuid
from datetime import UTC, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, Now, TruncDay

from assessments.models import Assessment

LEASE = timedelta(seconds=120)  # more than the calls of one page may take
NIGHT = timedelta(hours=3)


class Step(models.TextChoices):
    LEADS = "leads", "Our leads"
    DEALS = "deals", "Their deals"
    CONTACTS = "contacts", "Their contacts"


class ReconciliationQuerySet(models.QuerySet["Reconciliation"]):
    def claim(self, *, dry_run: bool) -> "Reconciliation | None":
        """The run that is under way, where it stopped, or a new one; None while somebody else is at it.

        One that was left for a day is forgotten: half its figures would be of yesterday.
        """
        token = uuid.uuid4()
        with transaction.atomic():
            open_runs = self.filter(finished_at__isnull=True, dry_run=dry_run)
            open_runs.filter(started_at__lt=Now() - timedelta(days=1)).delete()
            self.bulk_create([Reconciliation(dry_run=dry_run)], ignore_conflicts=True)
            free = Q(lease_until__isnull=True) | Q(lease_until__lt=Now())
            open_runs.filter(free).update(lease_token=token, lease_until=Now() + LEASE)
        return self.filter(lease_token=token).first()

    def with_counts(self) -> Self:
        """Each run with `differ` and `to_decide`: leads, or records that nobody here knows."""
        return self.annotate(differ=count_leads(Q()), to_decide=count_leads(Q(put_right=False)))

    def is_due(self) -> bool:
        """True from three in the night (UTC) until the run of that night is finished, however late."""
        night = TruncDay(Now() - NIGHT, tzinfo=UTC) + NIGHT
        return not self.filter(dry_run=False, finished_at__isnull=False, started_at__gte=night).exists()


def count_leads(differ: Q) -> Coalesce:
    """How many leads have such differences in a run; two differences of one lead are one lead."""
    found = Difference.objects.filter(differ, reconciliation=OuterRef("pk")).order_by()
    who = Coalesce(Cast("assessment", TextField()), F("hubspot_id"))
    return Coalesce(
        Subquery(found.values("reconciliation").annotate(leads=Count(who, distinct=True)).values("leads")), 0
    )


class Reconciliation(models.Model):
    """One comparison of our leads with HubSpot's records: how far it came and what it counted.

    `step` and `after` are where the next page begins: the id of a lead, or HubSpot's own cursor.
    """

    dry_run = models.BooleanField(default=False)
    step = models.CharField(max_length=20, choices=Step, default=Step.LEADS)
    after = models.CharField(max_length=255, blank=True)
    here = models.IntegerField("leads here", default=0)
    there = models.IntegerField("leads there", default=0)
    on_their_way = models.IntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    objects = ReconciliationQuerySet.as_manager()

    class Meta:
        db_table = "hubspot_reconciliations"
        constraints = [
            models.UniqueConstraint(
                fields=["dry_run"], name="reconciliations_one_open", condition=Q(finished_at__isnull=True)
            )
        ]
        indexes = [
            # The latest run; the end of their retention.
            models.Index(fields=["started_at"], name="reconciliations_started"),
        ]

    def __str__(self) -> str:
        return f"Reconciliation {self.pk}"


class DifferenceKind(models.TextChoices):
    NOT_SENT = "not_sent", "Never sent"
    CONTACT_DIFFERS = "contact_differs", "Contact has other values"
    CONTACT_MERGED = "contact_merged", "Contact was merged"
    CONTACT_GONE = "contact_gone", "Contact was deleted"
    ADDRESS_MISSING = "address_missing", "No contact has the lead's address"
    OTHER_ACCOUNT = "other_account", "Sent to another HubSpot account"
    CONTACT_DOUBLED = "contact_doubled", "Second contact with this address"
    CONTACT_UNKNOWN = "contact_unknown", "Contact that no lead here has"
    DEAL_DIFFERS = "deal_differs", "Deal lost our key"
    DEAL_MERGED = "deal_merged", "Deal was merged"
    DEAL_GONE = "deal_gone", "Deal was deleted"
    DEAL_UNKNOWN = "deal_unknown", "Deal that no lead here has"
    NOT_LINKED = "not_linked", "Deal without its contact"


class Difference(models.Model):
    """One thing that is not the same here and in HubSpot, and whether it was put right."""

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=DifferenceKind)
    hubspot_id = models.CharField(max_length=255, blank=True)
    put_right = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "hubspot_differences"
        constraints = [
            models.CheckConstraint(name="differences_kind", condition=Q(kind__in=DifferenceKind.values))
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
