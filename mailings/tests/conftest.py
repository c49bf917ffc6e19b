"""Mail goes to a server of our own."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from mailings.tests.mailbox import Mailbox, serving


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box = Mailbox()
    with serving(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.MAIL_IS_SET_UP = True
        settings.PUBLIC_URL = "https://check.example.com"
        settings.POSTAL_ADDRESS = "Reality Check Ltd, 1 High Street, London"
        yield box
