from hubspot_sync.admin.erasures import ErasureAdmin
from hubspot_sync.admin.queue import SyncQueueItemAdmin
from hubspot_sync.admin.reconciliations import ReconciliationAdmin

__all__ = ["ErasureAdmin", "ReconciliationAdmin", "SyncQueueItemAdmin"]
