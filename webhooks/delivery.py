"""Queue calls for newly qualified leads, and make the calls that are due."""

import random
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from constance import config
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from assessments.lifecycle.consents import silence_allows
from assessments.models.assessment import SyncStatus
from encryption.keys import KeyMissing
from leads.models import LeadWork
from leads.tabs import reachable_leads
from queues.backoff import retry_delay
from webhooks.client import Forbidden, Refused, TryAgain, post
from webhooks.mail import addresses, mail_link
from webhooks.models import CallStatus, Shape, WebhookCall
from webhooks.payloads import payload_body, sign_payload

ENQUEUE = (Path(__file__).parent / "sql/enqueue.sql").read_text()
NEW_HOURS = 24  # older leads are no news, even after an outage
PATIENCE = timedelta(hours=24)


def enqueue_new() -> int:
    """Queue a call for each newly qualified lead and webhook; return how many. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, {"hours": NEW_HOURS, "silence": silence_allows()})
        return int(cursor.rowcount)


def deliver_next() -> bool:
    """Make the oldest due call; False if none is due. No transaction is open during the call.

    One about a lead that is not to be called any more is deleted; should it be again, `enqueue_new` finds it.
    """
    # Deferred: an address whose key is lost must not break the calls of the others.
    queue = WebhookCall.objects.select_related("webhook").defer("webhook__url", "webhook__secret")
    call = queue.claim()
    if call is None:
        return False
    if cause := reason_not_to_call(call):
        call.fail(cause)
    elif is_to_be_called(call.assessment_id):
        deliver(call)
    else:
        WebhookCall.objects.filter(pk=call.pk, lease_token=call.lease_token).delete()
    return True


def deliver(call: WebhookCall) -> None:
    """Make a call, and record how it went."""
    try:
        make_call(call)
    except TryAgain as error:
        if call.failures and timezone.now() - call.created_at > PATIENCE:  # sent again: one more try
            call.fail("too_late")
        else:
            delay = retry_delay(call.failures + 1, random.random())  # noqa: S311  # spreads retries
            call.wait(delay, str(error), failures=call.failures + 1)
    except (Refused, Forbidden) as error:
        call.fail(str(error))
    except KeyMissing:
        call.fail("key_missing")
    else:
        call.settle(CallStatus.DONE, done_at=Now(), failure_cause="")


def is_to_be_called(lead: UUID) -> bool:
    """Whether what sql/enqueue.sql asks of a lead still holds, apart from its age."""
    found = reachable_leads().filter(pk=lead, qualified_for_briefing=True, doubts=[])
    return found.exclude(hubspot_sync_status=SyncStatus.SETTLED).exists()


def reason_not_to_call(call: WebhookCall) -> str:
    if call.is_crash_looping:
        return "worker_died"
    return "" if call.webhook.is_active else "switched_off"


def make_call(call: WebhookCall) -> None:
    link = settings.PUBLIC_URL.rstrip("/") + reverse("admin:leads_lead_change", args=[call.assessment_id])
    if call.webhook.shape == Shape.MAIL:
        language, recipients = readers(call)
        with override(language):
            mail_link(link, recipients)
        return
    with override(config.STAFF_LANGUAGE):
        content = payload_body(call.webhook.shape, link, str(call.assessment_id), gettext)
    seconds = int(time.time())
    headers = {
        "X-Signature": sign_payload(call.webhook.secret or "", seconds, content),
        "X-Call": str(call.pk),
    }
    post(call.webhook.url or "", content, headers)


def readers(call: WebhookCall) -> tuple[str, list[str]]:
    """Return whom to mail, and in which language: the owner of the lead, as long as they are on the staff.

    Without one, the addresses of the webhook.
    """
    owned = LeadWork.objects.filter(pk=call.assessment_id, owner__is_active=True, owner__is_staff=True)
    if owner := owned.values_list("owner__language", "owner__email").first():
        return owner[0], [owner[1]]
    return config.STAFF_LANGUAGE, addresses(call.webhook.url or "")
