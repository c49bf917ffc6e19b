"""Rows for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from factory.declarations import Sequence
from factory.django import DjangoModelFactory

from operations.models import Heartbeat


class HeartbeatFactory(DjangoModelFactory[Heartbeat]):
    class Meta:
        model = Heartbeat

    name = Sequence(lambda number: f"worker-{number}")
