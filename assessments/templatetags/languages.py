"""The languages of a page, for its foot and its head."""

from django import template
from django.conf import settings
from django.template import Context

from assessments.languages import PARAMETER, Choice, choices

register = template.Library()


@register.simple_tag(takes_context=True)
def page_languages(context: Context) -> list[Choice]:
    """This page in every language; none for a page that is shown without a request."""
    request = context.get("request")
    return choices(request) if request else []


@register.inclusion_tag("_alternates.html")
def alternates(path: str) -> dict[str, object]:
    """For search engines: where else this page is, and in which language; x-default asks the browser."""
    page = f"{settings.PUBLIC_URL}{path}"
    return {"page": page, "pages": {code: f"{page}?{PARAMETER}={code}" for code, _ in settings.LANGUAGES}}
