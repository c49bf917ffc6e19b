"""URLs of pages that belong to another app, by their role.

settings.PAGES maps each role to a URL name, as LOGIN_URL does, so that an app can link to a page of a
higher-level app without depending on it.
"""

from django.conf import settings
from django.urls import reverse


def page_url(role: str, *arguments: object) -> str:
    """The path of the page with this role."""
    return reverse(settings.PAGES[role], args=arguments)
