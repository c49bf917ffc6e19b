"""The durable mail queue. A row refers to an assessment and a kind of mail, and stores no content.

Content and address are read when the mail is sent; an address entered for one mail only is stored encrypted
until then. A privacy link or a password reset requested for an unknown address gets a row too, so that timing
reveals nothing; it is never sent.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, AssessmentLink
from encryption.fields import EncryptedAddressField
from queues.leased_row import RELEASED, LeasedRow, LeasedRowQuerySet


class MailKind(models.TextChoices):
    RESULT = "result", _("Result")
    PRIVACY_LINK = "privacy_link", _("Privacy link")
    RESUME = "resume", _("Link to continue")
    CONFIRMATION = "confirmation", _("Confirmation of news and offers")
    PASSWORD_RESET = "password_reset", _("New password for staff")


class MailStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Needs a person")
    CANCELLED = "cancelled", _("Not sent")


class MailQuerySet(LeasedRowQuerySet["Mail"]):
    def cancel(self) -> int:
        """Cancel the unsent ones among these mails; return how many."""
        return self.unfinished().update(status=MailStatus.CANCELLED, address=None, **RELEASED)

    def forget(self) -> None:
        """Cancel the unsent ones among these mails and clear everything that identifies a person."""
        self.cancel()
        self.update(key=None, recipient=None, address=None)

    def claim(self) -> "Mail | None":
        """Lease the oldest due mail, with the related rows needed to send it."""
        return super(MailQuerySet, self.select_related("assessment", "link")).claim()


class Mail(LeasedRow):
    """A queued mail: its kind, the assessment it is about, and its delivery status."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=MailKind)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="mails", null=True)
    # The link it contains, if that was created on request.
    link = models.ForeignKey(AssessmentLink, on_delete=models.CASCADE, related_name="+", null=True)
    key = models.CharField(max_length=64, null=True)  # deduplication key, a keyed hash
    recipient = models.CharField(max_length=64, null=True)  # keyed hash of the address, for the daily limits
    address = EncryptedAddressField(null=True)  # entered for this mail only; cleared once settled
    asked_with = models.CharField(max_length=100, db_default="", blank=True)  # device class and browser
    status = models.CharField(max_length=20, choices=MailStatus, db_default=MailStatus.WAITING)
    tried_at = models.DateTimeField(null=True)  # last reply of the mail server
    refused_since = models.DateTimeField(null=True)  # start of consecutive deferrals
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
            # Serves the claim: waiting rows by time, and expired leases.
            models.Index(
                fields=["next_try_at", "created_at"], name="mail_queue_due", condition=Q(status="waiting")
            ),
            models.Index(fields=["lease_until"], name="mail_queue_lease", condition=Q(status="leased")),
            # Serves the daily limit of an address, and the count of consecutive refusals.
            models.Index(fields=["recipient", "created_at"], name="mail_queue_recipient"),
            models.Index(fields=["sent_at"], name="mail_queue_sent", condition=Q(sent_at__isnull=False)),
            # Serves the retention.
            models.Index(fields=["created_at"], name="mail_queue_created"),
        ]

    def __str__(self) -> str:
        values = {"kind": self.get_kind_display(), "assessment": self.assessment_id}
        return gettext("%(kind)s mail of %(assessment)s") % values


class MailLine(models.Model):
    """A single row that exists while the line of mails is paused: mailings/line.py."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    cause = models.CharField(max_length=100)
    held_until = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # when ADMINS were mailed
    created_at = models.DateTimeField(db_default=Now())  # start of the pause

    class Meta:
        db_table = "mail_line"
        default_permissions = ()
        constraints = [models.CheckConstraint(name="mail_line_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"Held: {self.cause}"


class MailStop(models.Model):
    """A recipient who unsubscribed from all mails. See mailings/stops.py."""

    recipient = models.CharField(primary_key=True, max_length=64)  # keyed hash, as in `Mail.recipient`
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "mail_stops"
        default_permissions = ()
        indexes = [models.Index(fields=["created_at"], name="mail_stops_created")]  # serves the retention

    def __str__(self) -> str:
        return f"Stopped on {self.created_at}"
