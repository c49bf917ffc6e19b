"""Webhooks and their calls for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from assessments.tests.factories import AssessmentFactory
from webhooks.models import Webhook, WebhookCall


class WebhookFactory(DjangoModelFactory[Webhook]):
    class Meta:
        model = Webhook

    name = "Ours"
    url = "https://hooks.example.com/leads"
    secret = "key"


class WebhookCallFactory(DjangoModelFactory[WebhookCall]):
    class Meta:
        model = WebhookCall

    webhook = SubFactory(WebhookFactory)
    assessment = SubFactory(AssessmentFactory)
