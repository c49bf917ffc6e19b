"""The state of the work on a lead: its owner, the outcome of the last contact, and the next follow-up.

A row of its own and not columns of `assessments`, because most leads are never worked on. A lead without a
row is new and has no owner.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment


class ContactOutcome(models.TextChoices):
    """The outcome of the last contact; '' before the first one."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    MEETING = "meeting", _("Meeting agreed")
    WON = "won", _("Won")
    NOT_A_FIT = "not_a_fit", _("Not a fit")
    WRONG_DETAILS = "wrong_details", _("Wrong details")


CLOSED = (ContactOutcome.WON, ContactOutcome.NOT_A_FIT, ContactOutcome.WRONG_DETAILS)  # nothing is left to do


class LeadWorkQuerySet(models.QuerySet["LeadWork"]):
    def open(self) -> Self:
        return self.exclude(outcome__in=CLOSED)


class LeadWork(models.Model):
    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, primary_key=True, related_name="work"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    owned_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=ContactOutcome, db_default="", blank=True)
    first_contact_at = models.DateTimeField(null=True)  # when the first outcome was recorded: speed to lead
    last_contact_at = models.DateTimeField(null=True)
    follow_up_on = models.DateField(null=True)

    objects = LeadWorkQuerySet.as_manager()

    class Meta:
        db_table = "lead_work"
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="lead_work_outcome", condition=Q(outcome__in=["", *ContactOutcome.values])
            ),
            models.CheckConstraint(
                name="lead_work_owner_has_time",
                condition=Q(owner__isnull=True) | Q(owned_at__isnull=False),
            ),
        ]
        indexes = [
            # "Mine".
            models.Index(fields=["owner"], name="lead_work_owner", condition=Q(owner__isnull=False)),
            # Leads with an outcome that few have.
            models.Index(fields=["outcome"], name="lead_work_outcomes", condition=~Q(outcome="")),
            # How the team does: what was taken last.
            models.Index(fields=["owned_at"], name="lead_work_owned", condition=Q(owner__isnull=False)),
            # "Follow up today".
            models.Index(
                fields=["follow_up_on"], name="lead_work_follow_up", condition=Q(follow_up_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"Work on {self.assessment_id}"

    @property
    def is_closed(self) -> bool:
        return self.outcome in CLOSED
