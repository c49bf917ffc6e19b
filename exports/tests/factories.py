"""Files for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone
from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.tests.factories import UserFactory
from exports.models import Export, ExportBatch, ExportChunk


class ExportFactory(DjangoModelFactory[Export]):
    class Meta:
        model = Export

    owner = SubFactory(UserFactory)
    kind = "leads"
    format = "csv"


class ExportChunkFactory(DjangoModelFactory[ExportChunk]):
    class Meta:
        model = ExportChunk

    export = SubFactory(ExportFactory)
    number = Sequence(int)
    content = "a part"
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=24))


class ExportBatchFactory(DjangoModelFactory[ExportBatch]):
    class Meta:
        model = ExportBatch

    export = SubFactory(ExportFactory)
    number = Sequence(int)
    leads = LazyFunction(lambda: [uuid4()])
    expires_at = LazyFunction(lambda: timezone.now() + timedelta(hours=24))
