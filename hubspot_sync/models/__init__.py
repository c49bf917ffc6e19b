from hubspot_sync.models.account import HubSpotAccount
from hubspot_sync.models.erasure import ErasureStatus, HubSpotErasure
from hubspot_sync.models.history import AttemptOutcome, SyncAttempt
from hubspot_sync.models.queue import (
    LEASE,
    MAX_CLAIMS,
    SECOND_CLAIM_COHORT,
    QueueStatus,
    SyncQueueItem,
    SyncQueueQuerySet,
    SyncType,
)
from hubspot_sync.models.reconciliation import Difference, DifferenceKind, Reconciliation, Step

__all__ = [
    "LEASE",
    "MAX_CLAIMS",
    "SECOND_CLAIM_COHORT",
    "AttemptOutcome",
    "Difference",
    "DifferenceKind",
    "ErasureStatus",
    "HubSpotAccount",
    "HubSpotErasure",
    "QueueStatus",
    "Reconciliation",
    "Step",
    "SyncAttempt",
    "SyncQueueItem",
    "SyncQueueQuerySet",
    "SyncType",
]
