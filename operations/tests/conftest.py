"""What tests of the pages of the back office share."""

import pytest

from assessments.models import Assessment, SuppressedAddress
from assessments.tests.factories import SessionFactory
from audit.models import SystemLog
from experiments.models import Experiment, Placement
from hubspot_sync.models import HubSpotErasure, Reconciliation
from hubspot_sync.tests.factories import failed_item
from leads.models import LeadEvent
from mailings.models import Mail
from privacy.models import ScrubCertificate
from scorecard.models import QuestionnaireVersion
from webhooks.models import Webhook, WebhookCall


@pytest.fixture
def everything(hot_lead: Assessment, version: QuestionnaireVersion) -> None:
    """A row behind every page."""
    failed_item(hot_lead)
    Reconciliation.objects.create()
    HubSpotErasure.objects.create(erasure=SuppressedAddress.objects.suppress("ada@engines.example"))
    Mail.objects.create(kind="result", assessment=hot_lead, status="failed")
    LeadEvent.objects.create(assessment=hot_lead, kind="note")
    SessionFactory.create(version=version)
    Experiment.objects.create(key="headline", place=Placement.LANDING_HEADLINE)
    SystemLog.objects.record("start", "Started")
    ScrubCertificate.objects.create(map_version="")
    webhook = Webhook.objects.create(name="Chat", url="https://chat.example/", secret="key")
    WebhookCall.objects.create(webhook=webhook, assessment=hot_lead)
