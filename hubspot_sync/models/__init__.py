from hubspot_sync.models.erasure import ErasureStatus, HubSpotErasure
from hubspot_sync.models.history import Outcome, SyncAttempt
from hubspot_sync.models.queue import (
    LEASE,
    MAX_CLAIMS,
    SUSPECTS,
    QueueStatus,
    SyncQueueItem,
    SyncQueueQuerySet,
    SyncType,
)
from hubspot_sync.models.reconciliation import Difference, Kind, Reconciliation, Step

__all__ = [
    "LEASE",
    "MAX_CLAIMS",
    "SUSPECTS",
    "Difference",
    "ErasureStatus",
    "HubSpotErasure",
    "Kind",
    "Outcome",
    "QueueStatus",
    "Reconciliation",
    "Step",
    "SyncAttempt",
    "SyncQueueItem",
    "SyncQueueQuerySet",
    "SyncType",
]
