"""Rows for tests."""

# factory-boy annotates create(), but not its declarations:
# mypy: disable-error-code="no-untyped-call"

from factory.django import DjangoModelFactory

from privacy.models import ScrubCertificate


class ScrubCertificateFactory(DjangoModelFactory[ScrubCertificate]):
    """Open: not sealed yet."""

    class Meta:
        model = ScrubCertificate

    map_version = "1"
