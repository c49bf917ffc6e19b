from django.apps import AppConfig


class HubspotSyncConfig(AppConfig):
    name = "hubspot_sync"
    verbose_name = "HubSpot"

    def ready(self) -> None:
        from assessments.signals import lead_changed
        from hubspot_sync.delivery.enqueue import enqueue_lead

        lead_changed.connect(enqueue_lead, dispatch_uid="hubspot_sync.delivery.enqueue.enqueue_lead")
