"""Reconciliation runs of our leads with HubSpot's records: their progress and their findings."""

import uuid
from datetime import UTC, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast, Coalesce, Now, TruncDay
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment

LEASE = timedelta(seconds=120)  # longer than the calls of one page can take
NIGHT = timedelta(hours=3)


class Step(models.TextChoices):
    LEADS = "leads", _("Our leads")
    DEALS = "deals", _("Their deals")
    CONTACTS = "contacts", _("Their contacts")


class ReconciliationQuerySet(models.QuerySet["Reconciliation"]):
    def claim(self, *, dry_run: bool) -> "Reconciliation | None":
        """Lease the current run where it stopped, or start one; None while another worker has it.

        A run untouched for a day is abandoned: half its counts would be a day old.
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
        """Annotate runs with `differ` and `to_decide`: the number of leads, or of unknown records."""
        return self.annotate(differ=count_leads(Q()), to_decide=count_leads(Q(put_right=False)))

    def is_due(self) -> bool:
        """True from 03:00 UTC until that night's run has finished, however late."""
        night = TruncDay(Now() - NIGHT, tzinfo=UTC) + NIGHT
        return not self.filter(dry_run=False, finished_at__isnull=False, started_at__gte=night).exists()


def count_leads(differ: Q) -> Coalesce:
    """How many leads of a run have such differences; two differences of one lead count once."""
    found = Difference.objects.filter(differ, reconciliation=OuterRef("pk")).order_by()
    who = Coalesce(Cast("assessment", TextField()), F("hubspot_id"))
    return Coalesce(
        Subquery(found.values("reconciliation").annotate(leads=Count(who, distinct=True)).values("leads")), 0
    )


class Reconciliation(models.Model):
    """One comparison of our leads with HubSpot's records: its progress and its counts.

    `step` and `after` are where the next page begins: a lead id, or HubSpot's cursor.
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
            # The latest run; retention.
            models.Index(fields=["started_at"], name="reconciliations_started"),
        ]

    def __str__(self) -> str:
        return gettext("Reconciliation %(number)s") % {"number": self.pk}


class DifferenceKind(models.TextChoices):
    NOT_SENT = "not_sent", _("Never sent")
    CONTACT_DIFFERS = "contact_differs", _("Contact has other values")
    CONTACT_MERGED = "contact_merged", _("Contact was merged")
    CONTACT_GONE = "contact_gone", _("Contact was deleted")
    ADDRESS_MISSING = "address_missing", _("No contact has the lead's address")
    OTHER_ACCOUNT = "other_account", _("Sent to another HubSpot account")
    CONTACT_DOUBLED = "contact_doubled", _("Second contact with this address")
    CONTACT_UNKNOWN = "contact_unknown", _("Contact that no lead here has")
    DEAL_DIFFERS = "deal_differs", _("Deal lost our key")
    DEAL_MERGED = "deal_merged", _("Deal was merged")
    DEAL_GONE = "deal_gone", _("Deal was deleted")
    DEAL_UNKNOWN = "deal_unknown", _("Deal that no lead here has")
    NOT_LINKED = "not_linked", _("Deal without its contact")


class Difference(models.Model):
    """One difference between our lead and HubSpot's record, and whether it was repaired."""

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
