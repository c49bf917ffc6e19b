"""Rows of the queue for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from typing import Any

from django.utils import timezone
from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from assessments.models import Assessment
from assessments.models.assessment import SyncStatus
from assessments.tests.factories import AssessmentFactory, SuppressedAddressFactory
from hubspot_sync.models import (
    Difference,
    DifferenceKind,
    HubSpotAccount,
    HubSpotErasure,
    QueueStatus,
    Reconciliation,
    SyncAttempt,
    SyncQueueItem,
)


def failed_item(lead: Assessment, cause: str = "invalid_email", **fields: Any) -> SyncQueueItem:
    """A row that waits for a person, and a lead that says so."""
    Assessment.objects.filter(pk=lead.pk).update(
        hubspot_sync_status=SyncStatus.FAILED, hubspot_sync_error=cause
    )
    return SyncQueueItem.objects.create(
        assessment=lead,
        sync_type="contact_and_deal" if lead.qualified_for_briefing else "contact",
        status=QueueStatus.FAILED,
        retry_count=5,
        failure_cause=cause,
        last_error=cause,
        **fields,
    )


def compared_run(*kinds: DifferenceKind, lead: Assessment | None = None, **fields: Any) -> Reconciliation:
    """A finished comparison of 412 leads that left differences of these kinds to a person."""
    run = Reconciliation.objects.create(
        **{"here": 412, "there": 412 - len(kinds), "finished_at": timezone.now()} | fields
    )
    for kind in kinds:
        Difference.objects.create(reconciliation=run, assessment=lead, kind=kind, hubspot_id="501")
    return run


class SyncQueueItemFactory(DjangoModelFactory[SyncQueueItem]):
    class Meta:
        model = SyncQueueItem

    assessment = SubFactory(AssessmentFactory)
    sync_type = "contact"


class SyncAttemptFactory(DjangoModelFactory[SyncAttempt]):
    class Meta:
        model = SyncAttempt

    assessment = SubFactory(AssessmentFactory)
    revision = 1
    outcome = "delivered"


class HubSpotAccountFactory(DjangoModelFactory[HubSpotAccount]):
    class Meta:
        model = HubSpotAccount

    portal_id = Sequence(lambda number: str(1000 + number))


class HubSpotErasureFactory(DjangoModelFactory[HubSpotErasure]):
    class Meta:
        model = HubSpotErasure

    erasure = SubFactory(SuppressedAddressFactory)
    contact_id = "501"
    portal_id = "1000"


class ReconciliationFactory(DjangoModelFactory[Reconciliation]):
    class Meta:
        model = Reconciliation


class DifferenceFactory(DjangoModelFactory[Difference]):
    class Meta:
        model = Difference

    reconciliation = SubFactory(ReconciliationFactory)
    kind = DifferenceKind.values[0]
    hubspot_id = "501"
