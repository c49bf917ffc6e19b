"""The history of a lead: who did what and when. Rows are only ever added, and deleted by the scrub."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from encryption.fields import EncryptedTextField


class EventKind(models.TextChoices):
    CLAIMED = "claimed", _("Claimed")
    ASSIGNED = "assigned", _("Assigned")
    RELEASED = "released", _("Released")
    OUTCOME = "outcome", _("Outcome")
    FOLLOW_UP = "follow_up", _("Follow-up")
    NOTE = "note", _("Note")
    CORRECTED = "corrected", _("Corrected")
    SENT_AGAIN = "sent_again", _("Sent again")
    SETTLED = "settled", _("Settled without delivery")
    VIEWED = "viewed", _("Contact details shown")


class LeadEvent(models.Model):
    """`value` is a code or a date of ours; `detail` may quote the person or what staff typed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="lead_events")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=20, choices=EventKind)
    # The new owner, of an assignment.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    value = models.CharField(max_length=20, db_default="", blank=True)
    detail = EncryptedTextField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "lead_events"
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="lead_events_kind", condition=Q(kind__in=EventKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assessment_id}"
