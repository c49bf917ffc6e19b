"""Leads and the work on them for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from django.utils import timezone
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.tests.factories import UserFactory
from assessments.tests.factories import AssessmentFactory
from leads.models import Lead, LeadEvent, LeadNote, LeadView, LeadWork, SearchPage


class LeadFactory(AssessmentFactory):
    class Meta:
        model = Lead

    email = Sequence(lambda number: f"lead{number}@engines.example")


class LeadWorkFactory(DjangoModelFactory[LeadWork]):
    class Meta:
        model = LeadWork

    assessment = SubFactory(AssessmentFactory)
    owner = SubFactory(UserFactory)
    owned_at = LazyFunction(timezone.now)


class LeadEventFactory(DjangoModelFactory[LeadEvent]):
    class Meta:
        model = LeadEvent

    assessment = SubFactory(AssessmentFactory)
    actor = SubFactory(UserFactory)
    kind = "claimed"


class LeadNoteFactory(DjangoModelFactory[LeadNote]):
    class Meta:
        model = LeadNote

    assessment = SubFactory(AssessmentFactory)
    author = SubFactory(UserFactory)
    text = "Wants a call."


class SearchPageFactory(DjangoModelFactory[SearchPage]):
    class Meta:
        model = SearchPage

    hour = Sequence(lambda number: 490_000 + number)
    content = b""
    expires_at = LazyFunction(timezone.now)


class LeadViewFactory(DjangoModelFactory[LeadView]):
    class Meta:
        model = LeadView

    owner = SubFactory(UserFactory)
    name = Sequence(lambda number: f"View {number}")
    query = "tab=all"
