"""The durable queue of mails: which run a mail is about and what kind it is, never to whom or what it says.

Address and words are read when the mail is sent. A row of a privacy link without a run was asked for with an
address that nobody here has: it is written all the same, so that asking takes as long, and sent to nobody.
"""

import uuid
from datetime import timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from assessments.models import Assessment, RunLink

LEASE = timedelta(seconds=120)  # more than one mail may take
MAX_CLAIMS = 5  # claims without any outcome: whoever took the row died with it


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


class MailQuerySet(models.QuerySet["Mail"]):
    def due(self) -> Self:
        """Waiting and its time has come, or leased to a worker that never came back."""
        return self.filter(
            Q(status=MailStatus.WAITING, next_try_at__lte=Now())
            | Q(status=MailStatus.LEASED, lease_until__lt=Now())
        )

    def unsent(self) -> Self:
        return self.filter(status__in=[MailStatus.WAITING, MailStatus.LEASED, MailStatus.FAILED])

    def need_a_person(self) -> Self:
        """Failed for good."""
        return self.filter(status=MailStatus.FAILED)

    def cancel(self) -> int:
        """Send none of these that has not been sent; how many."""
        return self.unsent().update(status=MailStatus.CANCELLED, lease_token=None, lease_until=None)

    def claim(self) -> "Mail | None":
        """Lease the oldest due row to the caller; no two callers get one row."""
        token = uuid.uuid4()
        with transaction.atomic():
            due = self.due().select_for_update(skip_locked=True).order_by("next_try_at", "created_at")
            found = due.values_list("pk", flat=True).first()
            if found is None:
                return None
            self.filter(pk=found).update(
                status=MailStatus.LEASED,
                lease_token=token,
                lease_until=Now() + LEASE,
                claims=F("claims") + 1,
            )
        return self.select_related("assessment", "link").get(pk=found)


class Mail(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=MailKind)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="mails", null=True)
    # What it leads to, where that was made when the mail was asked for.
    link = models.ForeignKey(RunLink, on_delete=models.CASCADE, related_name="+", null=True)
    key = models.CharField(max_length=64, null=True)  # a keyed hash: the same mail is asked for once
    status = models.CharField(max_length=20, choices=MailStatus, db_default=MailStatus.WAITING)

    claims = models.IntegerField(db_default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    failures = models.IntegerField(db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    failure_cause = models.CharField(max_length=50, db_default="", blank=True)  # a code of ours

    created_at = models.DateTimeField(db_default=Now())
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
