"""Celery's side: find a client, deliver what is due. A task carries no data."""

import logging
import time

from celery import shared_task
from constance import config
from django.conf import settings

from hubspot_sync import outcomes
from hubspot_sync.client import HubSpotClient
from hubspot_sync.delivery import deliver_batch
from hubspot_sync.errors import HubSpotError, Misconfigured, TryAgain
from hubspot_sync.leads import destination
from hubspot_sync.models import Reconciliation
from hubspot_sync.reconcile import reconcile

WORK_SECONDS = 25.0  # then the next ring goes on: well under the task's soft limit with one batch to spare

logger = logging.getLogger(__name__)


@shared_task
def deliver_due() -> None:
    """Deliver batches until nothing is due, HubSpot cannot answer, or the time is up."""
    if not (config.HUBSPOT_SYNC_ENABLED and settings.HUBSPOT_TOKEN):
        return
    until = time.monotonic() + WORK_SECONDS
    client = HubSpotClient(
        settings.HUBSPOT_BASE_URL, settings.HUBSPOT_TOKEN, version=settings.HUBSPOT_API_VERSION
    )
    try:
        outcomes.quarantine()
        while time.monotonic() < until and deliver_batch(client, destination()):
            pass
    except TryAgain as error:
        logger.warning("HubSpot cannot answer (%s, %s): leads wait", error.cause, error.correlation_id)
    except Misconfigured as error:
        logger.error("HubSpot refuses us (%s, %s): run hubspot_check", error.cause, error.correlation_id)
    finally:
        client.close()


@shared_task
def reconcile_nightly() -> None:
    """Go on with tonight's comparison for a while; the next ring goes on where this one stops."""
    if not (config.HUBSPOT_SYNC_ENABLED and settings.HUBSPOT_TOKEN and Reconciliation.objects.is_due()):
        return
    client = HubSpotClient(
        settings.HUBSPOT_BASE_URL, settings.HUBSPOT_TOKEN, version=settings.HUBSPOT_API_VERSION
    )
    try:
        reconcile(client, destination(), until=time.monotonic() + WORK_SECONDS)
    except TryAgain as error:
        logger.warning("HubSpot cannot answer (%s, %s): comparing waits", error.cause, error.correlation_id)
    except HubSpotError as error:
        logger.error("HubSpot refuses us (%s, %s): run hubspot_check", error.cause, error.correlation_id)
    finally:
        client.close()
