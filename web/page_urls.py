"""URLs of pages that belong to another app, by their role.

settings.PAGES names the URL of each role, as LOGIN_URL does, so that an app can link to a page of an app
above it without knowing that app.
"""

from django.conf import settings
from django.urls import reverse


def page_url(role: str, *arguments: object) -> str:
    """The path of the page with this role."""
    return reverse(settings.PAGES[role], args=arguments)
