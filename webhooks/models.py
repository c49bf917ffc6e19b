"""Webhooks: addresses that hear of each qualified lead by HTTP or by mail, and the queue of their calls.

A call carries a link to the lead in the back office and nothing about the person.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from encryption.fields import EncryptedTextField
from queues.leased_row import LeasedRow, LeasedRowQuerySet


class Shape(models.TextChoices):
    """Whose format the body has; a mail goes to the owner of the lead, if it has one, else to the address."""

    JSON = "json", _("JSON, signed")
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    MAIL = "mail", _("E-mail")


class CallStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    LEASED = "leased", _("On its way")
    DONE = "done", _("Delivered")
    FAILED = "failed", _("Needs a person")


class Webhook(models.Model):
    """`url` and `secret` are encrypted: the address of a chat channel is all it takes to write to it."""

    name = models.CharField(max_length=60)
    url = EncryptedTextField("address")
    secret = EncryptedTextField(help_text="Key of the signature. Slack and Teams do not look at it.")
    shape = models.CharField(max_length=10, choices=Shape, default=Shape.JSON)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "webhooks"
        constraints = [models.CheckConstraint(name="webhooks_shape", condition=Q(shape__in=Shape.values))]

    def __str__(self) -> str:
        return self.name


class WebhookCallQuerySet(LeasedRowQuerySet["WebhookCall"]):
    pass


class WebhookCall(LeasedRow):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="+", db_index=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="webhook_calls")
    status = models.CharField(max_length=20, choices=CallStatus, db_default=CallStatus.WAITING)
    done_at = models.DateTimeField(null=True)

    objects = WebhookCallQuerySet.as_manager()

    class Meta:
        db_table = "webhook_calls"
        verbose_name = "call of a webhook"
        verbose_name_plural = "calls of webhooks"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "assessment"], name="webhook_calls_once"),
            models.CheckConstraint(name="webhook_calls_status", condition=Q(status__in=CallStatus.values)),
        ]
        indexes = [
            # The claim: waiting rows by time, and expired leases.
            models.Index(
                fields=["next_try_at", "created_at"], name="webhook_calls_due", condition=Q(status="waiting")
            ),
            models.Index(fields=["lease_until"], name="webhook_calls_lease", condition=Q(status="leased")),
            # Retention.
            models.Index(fields=["created_at"], name="webhook_calls_created"),
        ]

    def __str__(self) -> str:
        return gettext("Call about %(assessment)s") % {"assessment": self.assessment_id}
