"""Exports: files of leads or figures, made in the background and deleted when they expire.

The file lies in the database, encrypted and in chunks: web and worker may be different machines, and what
expires is deleted by the job that scrubs every other table.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from encryption.fields import EncryptedTextField
from queues.leased_row import RELEASED, LeasedRow, LeasedRowQuerySet
from queues.states import FAILED

HOURS = 24
LIFETIME = timedelta(hours=HOURS)


class ExportKind(models.TextChoices):
    LEADS = "leads", _("Leads")
    FIGURES = "figures", _("Figures")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "Excel (XLSX)"


class ExportStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class ExportQuerySet(LeasedRowQuerySet["Export"]):
    def current(self) -> "ExportQuerySet":
        return self.filter(expires_at__gt=Now())

    def withdraw_leads(self) -> int:
        """Delete the files of leads, and stop those being written: a person in them was erased.

        The exports come first: whoever adds a part of a file locks its export, so none is added afterwards.
        """
        found = self.filter(kind=ExportKind.LEADS).exclude(status=FAILED)
        with transaction.atomic():
            keys = list(found.order_by("pk").select_for_update().values_list("pk", flat=True))
            withdrawn = self.filter(pk__in=keys)
            self.filter(kind=ExportKind.LEADS).update(query="")  # a search may have named the person
            count = withdrawn.update(status=FAILED, failure_cause="person_erased", **RELEASED)
            for parts in (ExportChunk, ExportBatch):
                parts.objects.filter(export__in=keys).delete()
        return count


class Export(LeasedRow):
    """`query`: the tab, filters, search and order of the list. `contacts`: with contact details."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=ExportKind)
    format = models.CharField(max_length=10, choices=ExportFormat)
    query = EncryptedTextField(default="", blank=True)
    contacts = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=ExportStatus, db_default=ExportStatus.WAITING)
    rows_total = models.IntegerField(null=True)
    rows_done = models.IntegerField(db_default=0)
    size = models.BigIntegerField(db_default=0)  # bytes of the file
    done_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_default=Now() + LIFETIME)

    objects = ExportQuerySet.as_manager()

    class Meta:
        db_table = "exports"
        default_permissions = ("view",)
        permissions = [("export_leads", "Can export leads"), ("export_figures", "Can export figures")]
        constraints = [
            models.CheckConstraint(name="exports_kind", condition=Q(kind__in=ExportKind.values)),
            models.CheckConstraint(name="exports_format", condition=Q(format__in=ExportFormat.values)),
            models.CheckConstraint(name="exports_status", condition=Q(status__in=ExportStatus.values)),
        ]
        indexes = [
            # The claim: waiting rows by time, and expired leases.
            models.Index(
                fields=["next_try_at", "created_at"], name="exports_due", condition=Q(status="waiting")
            ),
            models.Index(fields=["lease_until"], name="exports_lease", condition=Q(status="leased")),
            # Retention.
            models.Index(fields=["expires_at"], name="exports_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_format_display()}"

    @property
    def file_name(self) -> str:
        return f"{self.kind}-{self.created_at:%Y-%m-%d-%H%M}.{self.format}"


class ExportChunk(models.Model):
    """A part of the file: compressed, in base64, encrypted."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    number = models.IntegerField()
    content = EncryptedTextField()
    expires_at = models.DateTimeField()  # of its export

    class Meta:
        db_table = "export_chunks"
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_chunks_number")]

    def __str__(self) -> str:
        return f"Part {self.number} of {self.export_id}"


class ExportBatch(models.Model):
    """The next few leads to be written, in the order of the view. Deleted when the file is ready."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="batches", db_index=False)
    number = models.IntegerField()
    leads = ArrayField(models.UUIDField())
    expires_at = models.DateTimeField()  # of its export

    class Meta:
        db_table = "export_batches"
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_batches_number")]

    def __str__(self) -> str:
        return f"Batch {self.number} of {self.export_id}"
