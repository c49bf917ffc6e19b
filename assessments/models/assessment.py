"""The permanent record of an assessment: created at start, completed on submit, later scrubbed."""

import uuid
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from assessments.models.contact import CONTACT_FIELDS, ContactFields, ContactQuerySet
from assessments.models.filter_indexes import indexes_of_filters
from assessments.models.signs import Sign, merge_signs, signs_of_new_address
from assessments.models.test_addresses import is_test_address
from assessments.qualification import LeadQuality, lead_quality
from assessments.statistics.triggers import CountChange, CountStart
from encryption.fields import EncryptedTextField
from encryption.sealed_json import SealedJSONField
from scorecard import versions
from scorecard.models import QuestionnaireVersion
from scorecard.triggers import StampUpdatedAt


class SyncStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SYNCED = "synced", _("In HubSpot")
    FAILED = "failed", _("Needs a person")
    SKIPPED = "skipped", _("No e-mail")
    HELD = "held", _("Held back: no consent")
    SETTLED = "settled", _("Settled")  # by a person, without delivery


class CallTime(models.TextChoices):
    """When a person with a result wants to be called."""

    SOON = "soon", _("As soon as possible")
    MORNING = "morning", _("In the morning")
    NOON = "noon", _("Around noon")
    AFTERNOON = "afternoon", _("In the afternoon")
    EVENING = "evening", _("In the early evening")


class EmailStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Needs a person")
    SKIPPED = "skipped", _("No e-mail")


# The columns that the scrub clears: their rules are in privacy/datamap/tables/; a test compares the two.
PERSONAL_COLUMNS = (
    *CONTACT_FIELDS,
    "call_time",
    "contact_choice",
    "hubspot_contact_id",
    "hubspot_deal_id",
    "hubspot_address_hash",
    "ip_address_hash",
)


def has_any(columns: Iterable[str]) -> Q:
    """Rows with a value in any of these columns."""
    return reduce(or_, (Q(**{f"{column}__isnull": False}) for column in columns))


# A lead that HubSpot has not confirmed: in the queue, or failed.
UNCONFIRMED = Q(
    completed_at__isnull=False,
    lead_quality__isnull=False,
    hubspot_sync_status__in=[SyncStatus.PENDING, SyncStatus.FAILED],
)


class AssessmentQuerySet(ContactQuerySet["Assessment"]):
    def completed(self) -> Self:
        return self.filter(completed_at__isnull=False)

    def leads(self) -> Self:
        """Finished assessments with an address, including those whose address was scrubbed."""
        return self.completed().filter(lead_quality__isnull=False)

    def held(self) -> Self:
        """Leads that are not sent to HubSpot because the person objects, or has not consented."""
        return self.leads().filter(hubspot_sync_status=SyncStatus.HELD, email__isnull=False)

    def unconfirmed(self) -> Self:
        return self.filter(UNCONFIRMED)


class Assessment(ContactFields):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session_id = models.CharField(max_length=255, editable=False)
    version = models.ForeignKey(
        QuestionnaireVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    responses = SealedJSONField(default=dict)  # personal answers are sealed
    total_score = models.IntegerField(null=True)
    score_breakdown = models.JSONField(null=True)
    score_category = models.CharField(max_length=50, null=True)
    # Required by seed 000; read only by the export of personal data: pages take advice from the version.
    recommendations = ArrayField(models.TextField(), null=True)

    hubspot_sync_status = models.CharField(
        "HubSpot", max_length=50, choices=SyncStatus, default=SyncStatus.PENDING
    )
    hubspot_sync_attempts = models.IntegerField(default=0)
    hubspot_contact_id = models.CharField(max_length=255, null=True)
    hubspot_deal_id = models.CharField(max_length=255, null=True)
    hubspot_portal_id = models.CharField(max_length=20, null=True)  # the account to which these ids belong
    hubspot_contact_created = models.BooleanField(db_default=False)  # created by this assessment
    hubspot_address_hash = models.CharField(max_length=64, null=True)  # of the address sent to HubSpot
    hubspot_sync_error = models.TextField(null=True)
    hubspot_synced_at = models.DateTimeField(null=True)

    email_delivery_status = models.CharField(max_length=50, choices=EmailStatus, default=EmailStatus.PENDING)
    # Required by seed 000, never written: the mail's own row counts its failures.
    email_delivery_attempts = models.IntegerField(default=0)
    email_delivered_at = models.DateTimeField(null=True)
    email_delivery_error = models.TextField(null=True)

    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True)
    email_scrubbed_at = models.DateTimeField(null=True)
    scrubbed_unconfirmed = models.BooleanField(db_default=False)  # before HubSpot confirmed the lead

    completion_time_seconds = models.IntegerField(null=True)
    last_step = models.IntegerField(null=True)  # of one given up: the last page that was saved, 0 for none
    browser_info = models.JSONField(default=dict)
    referrer_source = models.CharField(max_length=255, null=True)
    utm = models.JSONField(default=dict)
    ab_test_variant = models.CharField(max_length=50, null=True)
    # {experiment: variant}, see experiments/
    variants = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    language = models.CharField(max_length=10, default="en", db_default="en")  # of the last page shown
    ip_address_hash = models.CharField(max_length=64, null=True)

    # Bot signs: assessments/models/signs.py
    doubts = ArrayField(models.CharField(max_length=20), default=list, db_default=Value([]), blank=True)
    address_checked_at = models.DateTimeField(null=True)  # when the address's domain was looked up in DNS

    lead_quality = models.CharField(
        max_length=50, choices=[(quality.value, quality.label) for quality in LeadQuality], null=True
    )
    qualified_for_briefing = models.BooleanField(default=False)
    call_time = EncryptedTextField(null=True, blank=True)  # CallTime: when they want to be called, if at all
    contact_depth = models.SmallIntegerField(default=0, db_default=0)  # Contact.depth, kept by the scrub
    # Whether they agreed to be contacted, None if they said nothing: a copy of what the log of consents says,
    # for the filter of the lead list alone. Only lifecycle/consents.py knows the rule.
    contact_choice = models.BooleanField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        db_table = "assessments"
        constraints = [
            # Not `unique=True`, which would add a second index for LIKE.
            models.UniqueConstraint(fields=["session_id"], name="assessments_session_id"),
            models.CheckConstraint(
                name="assessments_total_score_range",
                condition=Q(total_score__gte=0, total_score__lte=100),
            ),
            models.CheckConstraint(
                name="assessments_completed_has_score",
                condition=Q(completed_at__isnull=True)
                | Q(total_score__isnull=False, score_breakdown__isnull=False, score_category__isnull=False)
                # a questionnaire without a score
                | Q(total_score__isnull=True, score_breakdown__isnull=True, score_category__isnull=True),
            ),
            models.CheckConstraint(
                name="assessments_lead_quality",
                condition=Q(lead_quality__in=[quality.value for quality in LeadQuality]),
            ),
            models.CheckConstraint(
                name="assessments_briefing_is_quality",
                condition=Q(qualified_for_briefing=False)
                | Q(lead_quality=LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED),
            ),
            models.CheckConstraint(
                name="assessments_hubspot_sync_status",
                condition=Q(hubspot_sync_status__in=SyncStatus.values),
            ),
            models.CheckConstraint(
                name="assessments_email_delivery_status",
                condition=Q(email_delivery_status__in=EmailStatus.values),
            ),
        ]
        indexes = [
            # The leads of one person: admin search, erasure.
            models.Index(fields=["email"], name="assessments_email", condition=Q(email__isnull=False)),
            # The leads of one HubSpot contact: delivery, reconciliation.
            models.Index(
                fields=["hubspot_contact_id"],
                name="assessments_hubspot_contact",
                condition=Q(hubspot_contact_id__isnull=False),
            ),
            # The purge.
            models.Index(fields=["created_at"], name="assessments_created_at"),
            # The lead list, newest first.
            models.Index(
                fields=["completed_at"],
                name="assessments_completed",
                condition=Q(completed_at__isnull=False),
            ),
            # The list of all leads, in its order.
            models.Index(
                fields=["-qualified_for_briefing", "-completed_at", "-id"],
                name="assessments_leads",
                condition=Q(completed_at__isnull=False, lead_quality__isnull=False),
            ),
            # Leads neither doubtful nor settled, in the order of the calls; their choice, so no row is read.
            models.Index(
                fields=["-qualified_for_briefing", "-lead_quality", "total_score", "-completed_at", "-id"],
                include=["contact_choice"],
                name="assessments_calls",
                condition=Q(
                    completed_at__isnull=False,
                    lead_quality__isnull=False,
                    email_scrubbed_at__isnull=True,
                    doubts=[],
                )
                & ~Q(hubspot_sync_status=SyncStatus.SETTLED),
            ),
            *indexes_of_filters(),
            # Leads that HubSpot has not confirmed.
            models.Index(
                fields=["hubspot_sync_status", "created_at"],
                name="assessments_hubspot_sync",
                condition=Q(hubspot_sync_status__in=["pending", "failed"]),
            ),
            # Leads that may not be sent without a consent.
            models.Index(
                fields=["completed_at"],
                name="assessments_held",
                condition=Q(hubspot_sync_status="held", email__isnull=False),
            ),
            # Leads whose domain has to be looked up in DNS.
            models.Index(
                fields=["completed_at"],
                name="assessments_unchecked",
                condition=Q(email__isnull=False, address_checked_at__isnull=True),
            ),
            # Rows to scrub: those with any personal value, not only an e-mail. In scrub order, so that
            # a batch begins where the last one ended.
            models.Index(
                fields=["created_at", "id"],
                name="assessments_scrub",
                condition=has_any(PERSONAL_COLUMNS),
            ),
        ]
        triggers = [StampUpdatedAt(), CountStart(), CountChange()]

    def __str__(self) -> str:
        return f"Assessment {self.id}"

    def get_call_time_display(self) -> str:
        """When they want to be called, in words; '' if they did not ask."""
        return str(CallTime(self.call_time).label) if self.call_time in CallTime.values else ""

    def note_language(self, language: str) -> None:
        """Store the language of the visitor, which is also that of their mails."""
        if language != self.language:
            self.language = language
            type(self).objects.filter(pk=self.pk).update(language=language)

    def requalify(self) -> None:
        """Derive lead quality, doubts about the address and both delivery states from contact and score."""
        if self.completed_at is None:
            raise ValueError("Only a finished assessment can be qualified.")
        rule = versions.get(self.version_id).definition.qualification
        self.lead_quality = lead_quality(self.contact, self.total_score, rule, self.responses)
        self.qualified_for_briefing = self.lead_quality == LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED
        self.contact_depth = self.contact.depth
        tested = [Sign.TEST] if self.email and is_test_address(self.email) else []
        self.doubts = merge_signs(signs_of_new_address(self.doubts, self.email), *tested)
        is_sent = self.lead_quality and Sign.TEST not in self.doubts
        self.hubspot_sync_status = SyncStatus.PENDING if is_sent else SyncStatus.SKIPPED
        self.address_checked_at = None
        if self.email_delivery_status == EmailStatus.PENDING:
            self.email_delivery_status = EmailStatus.SKIPPED  # until a mail is requested
