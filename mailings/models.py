"""The durable queue of mails: which run a mail is about and what kind it is, never to whom or what it says.

Address and words are read when the mail is sent. A row of a privacy link without a run was asked for with an
address that nobody here has: it is written all the same, so that asking takes as long, and sent to nobody.
"""

import uuid

from django.db import models
from django.db.models import Q

from assessments.models import Assessment, AssessmentLink
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
    CANCELLED = "cancelled", "Nobody to write to"


class MailQuerySet(LeasedRowQuerySet["Mail"]):
    def cancel(self) -> int:
        """Send none of these that has not been sent; how many."""
        return self.unfinished().update(status=MailStatus.CANCELLED, **RELEASED)

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
    status = models.CharField(max_length=20, choices=MailStatus, db_default=MailStatus.WAITING)
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
            # The end of their retention.
            models.Index(fields=["created_at"], name="mail_queue_created"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} mail of {self.assessment_id}"
