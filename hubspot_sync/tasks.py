"""Celery tasks: deliver due leads, reconcile at night. A task carries no data."""

import logging
import time

from celery import shared_task
from constance import config
from django.conf import settings

from hubspot_sync import alerts
from hubspot_sync.account.connection import connected_destination
from hubspot_sync.alerts import alert
from hubspot_sync.delivery import sweep
from hubspot_sync.delivery.batch import BATCH, deliver_batch
from hubspot_sync.delivery.mapping import Destination
from hubspot_sync.erasure.erase import erase_next
from hubspot_sync.http.breaker import breaker
from hubspot_sync.http.client import HubSpotClient, open_client
from hubspot_sync.http.errors import HubSpotError, Misconfigured, NotAuthorised, Throttled, TryAgain
from hubspot_sync.http.limiter import limiter
from hubspot_sync.models import HubSpotAccount, HubSpotErasure, Reconciliation, SyncQueueItem
from hubspot_sync.reconciliation.reconcile import reconcile

WORK_SECONDS = 25.0  # then the next task continues: below the task's soft limit with one batch to spare

logger = logging.getLogger(__name__)


@shared_task
def deliver_due() -> None:
    """Deliver batches until nothing is due, HubSpot cannot answer, or the time limit is reached."""
    if not (config.HUBSPOT_SYNC_ENABLED and settings.HUBSPOT_TOKEN):
        return
    sweep.fail_crash_looping()
    with open_client() as client:
        try:
            deliver_until_idle(client)
        except Throttled as error:
            report_throttled(error)
        except TryAgain as error:
            logger.warning("HubSpot cannot answer (%s, %s): leads wait", error.cause, error.correlation_id)
        except NotAuthorised as error:
            alert(alerts.NOT_AUTHORISED, error.cause)
        except Misconfigured as error:
            alert(alerts.MISCONFIGURED, error.cause)


def deliver_until_idle(client: HubSpotClient) -> None:
    until = time.monotonic() + WORK_SECONDS
    if not token_is_accepted(client):
        return
    while time.monotonic() < until and erase_one(client):
        pass
    while time.monotonic() < until and deliver_some(client):
        if breaker().is_back():
            sweep.reschedule_after_outage()


def token_is_accepted(client: HubSpotClient) -> bool:
    """Whether the token may be used. A refused one is tried on no row: other workers may have a valid one.

    Raises NotAuthorised when a probe, once a minute, finds it refused again.
    """
    opened = breaker().opened()
    if opened is None or not opened.token_refused:
        return True
    if not breaker().admits(1):
        return False
    client.check_token()
    return True


def erase_one(client: HubSpotClient) -> bool:
    """Carry out one due erasure; they take precedence over leads. Returns whether there was one."""
    if limiter().closed_for() or not HubSpotErasure.objects.due().exists():
        return False
    return bool(breaker().admits(1)) and erase_next(client)


def deliver_some(client: HubSpotClient) -> int:
    """Deliver one batch as large as the circuit allows, none while blocked; returns how many leads."""
    if limiter().closed_for() or not SyncQueueItem.objects.due().exists():
        return 0
    limit = breaker().admits(BATCH)
    return deliver_batch(client, connected, limit=limit) if limit else 0


def connected(client: HubSpotClient) -> Destination:
    """The destination account. A change of account is recorded and reported once."""
    account = client.account()
    limiter().zone = limiter().zone or account.time_zone or None
    if HubSpotAccount.objects.connect(account.portal_id):
        alert(alerts.ACCOUNT_CHANGED, "account_changed")
    return connected_destination(client)


def report_throttled(error: Throttled) -> None:
    logger.info("No place for a call (%s): leads wait %.0f s", error.cause, error.seconds)
    if error.cause == "daily_quota_used_up":
        alert(alerts.QUOTA_USED_UP, error.cause)


@shared_task
def reconcile_nightly() -> None:
    """Continue tonight's reconciliation for a while; the next task resumes where this one stops."""
    if not (config.HUBSPOT_SYNC_ENABLED and settings.HUBSPOT_TOKEN and Reconciliation.objects.is_due()):
        return
    if breaker().opened() or limiter().closed_for():
        return
    with open_client() as client:
        try:
            reconcile(client, connected(client), until=time.monotonic() + WORK_SECONDS)
        except TryAgain as error:
            logger.warning("HubSpot cannot answer (%s): comparing waits", error.cause)
        except NotAuthorised as error:
            alert(alerts.NOT_AUTHORISED, error.cause)
        except HubSpotError as error:
            alert(alerts.MISCONFIGURED, error.cause)
