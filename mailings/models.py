"""The durable queue of mails: which assessment a mail is about and what kind it is, never what it says.

Words are read when the mail is sent, and so is the address; one that was typed for this mail alone is kept
encrypted until then. A privacy link asked for with an address that nobody here has gets a row all the same,
so that asking takes as long, and is sent to nobody.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assessments.models import Assessment, AssessmentLink
from encryption.fields import EncryptedAddressField
from queues.leased_row import RELEASED, LeasedRow, LeasedRowQuerySet


class MailKind(models.TextChoices):
    RESULT = "result", "Result"
    PRIVACY_LINK = "privacy_link", "Privacy link"
    RESUME = "resume", "Link to continue"


class MailStatus(models.TextChoices):
    WAITING = "waiting", "Waiting"
    LEASED = "leased", "On its way"
    SENT = "sent", "Sent"
    FAILED = "failed", "Needs a person"
    CANCELLED = "cancelled", "Not sent"


class MailQuerySet(LeasedRowQuerySet["Mail"]):
    def cancel(self) -> int:
        """Send none of these that has not been sent; how many."""
        return self.unfinished().update(status=MailStatus.CANCELLED, address=None, **RELEASED)

    def forget(self) -> None:
        """Send none of these that has not been sent, and keep nothing that leads to a person."""
        self.cancel()
        self.update(key=None, recipient=None, address=None)

    def claim(self) -> "Mail | None":
        """With what is needed to send it."""
        return super(MailQuerySet, self.select_related("assessment", "link")).claim()


class Mail(LeasedRow):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=MailKind)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="mails", null=True)
    # What it leads to, where that was made when the mail was asked for.
    link = models.ForeignKey(AssessmentLink, on_delete=models.CASCADE, related_name="+", null=True)
    key = models.CharField(max_length=64, null=True)  # a keyed hash: the same mail is asked for once
    recipient = models.CharField(max_length=64, null=True)  # keyed hash of the address, to count its mails
    address = EncryptedAddressField(null=True)  # typed for this mail alone; cleared once it is settled
    asked_with = models.CharField(max_length=100, db_default="", blank=True)  # kind of device and browser
    status = models.CharField(max_length=20, choices=MailStatus, db_default=MailStatus.WAITING)
    tried_at = models.DateTimeField(null=True)  # when the mail server answered last
    refused_since = models.DateTimeField(null=True)  # put off by the mail server, again and again
    sent_at = models.DateTimeField(null=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        db_table = "mail_queue"
        verbose_name = "mail"
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["key"], name="mail_queue_once"),
            models.CheckConstraint(name="mail_queue_kind", condition=Q(kind__in=MailKind.values)),
            models.CheckConstraint(name="mail_queue_status", condition=Q(status__in=MailStatus.values)),
        ]
        indexes = [
            # The claim: waiting rows by time, and leases that ran out.
            models.Index(
                fields=["next_try_at", "created_at"], name="mail_queue_due", condition=Q(status="waiting")
            ),
            models.Index(fields=["lease_until"], name="mail_queue_lease", condition=Q(status="leased")),
            # The mails of an address in a day; of several, which were refused in a row.
            models.Index(fields=["recipient", "created_at"], name="mail_queue_recipient"),
            models.Index(fields=["sent_at"], name="mail_queue_sent", condition=Q(sent_at__isnull=False)),
            # The end of their retention.
            models.Index(fields=["created_at"], name="mail_queue_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} mail of {self.assessment_id}"


class MailLine(models.Model):
    """One row while the line of mails is held, none while it moves: mailings/line.py."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    cause = models.CharField(max_length=100)
    held_until = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when somebody was told by mail
    created_at = models.DateTimeField(db_default=Now())  # held since

    class Meta:
        db_table = "mail_line"
        default_permissions = ()
        constraints = [models.CheckConstraint(name="mail_line_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"Held: {self.cause}"


class MailStop(models.Model):
    """No more mails to this recipient: somebody clicked on "stop" in one of them. See mailings/stops.py."""

    recipient = models.CharField(primary_key=True, max_length=64)  # the keyed hash of a mail's recipient
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "mail_stops"
        default_permissions = ()
        indexes = [models.Index(fields=["created_at"], name="mail_stops_created")]  # the end of retention

    def __str__(self) -> str:
        return f"Stopped on {self.created_at}"
