"""Rows for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from factory.django import DjangoModelFactory

from audit.models import SystemLog


class SystemLogFactory(DjangoModelFactory[SystemLog]):
    class Meta:
        model = SystemLog

    event_type = "test"
    message = "Something was done"
