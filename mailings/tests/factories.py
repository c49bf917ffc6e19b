"""Mails for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from datetime import timedelta

from django.utils import timezone
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from assessments.tests.factories import AssessmentFactory
from mailings.models import Mail, MailLine, MailStop


class MailFactory(DjangoModelFactory[Mail]):
    class Meta:
        model = Mail

    kind = "result"
    assessment = SubFactory(AssessmentFactory)


class MailLineFactory(DjangoModelFactory[MailLine]):
    """The one row: sending is paused."""

    class Meta:
        model = MailLine

    cause = "refused"
    held_until = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class MailStopFactory(DjangoModelFactory[MailStop]):
    class Meta:
        model = MailStop

    recipient = Sequence(lambda number: f"recipient-{number}")
