from hubspot_sync.admin.queue import SyncQueueItemAdmin
from hubspot_sync.admin.reconciliations import ReconciliationAdmin

__all__ = ["ReconciliationAdmin", "SyncQueueItemAdmin"]
