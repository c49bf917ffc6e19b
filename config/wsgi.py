import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # whatever another project set

django_application = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django, told the scheme in lower case: to a proxy that says HTTPS it would redirect for ever."""
    if scheme := environ.get("HTTP_X_FORWARDED_PROTO"):
        environ["HTTP_X_FORWARDED_PROTO"] = scheme.lower()
    return django_application(environ, start_response)
