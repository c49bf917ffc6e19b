"""The languages of a page, for its foot and its head."""

from typing import Protocol

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html

from web.languages import PARAMETER, LanguageChoice, language_choices, other_language

register = template.Library()


class HasLanguage(Protocol):
    """A questionnaire, a result: whatever texts of one come with."""

    @property
    def language(self) -> str: ...


@register.simple_tag(takes_context=True)
def page_languages(context: Context) -> list[LanguageChoice]:
    """This page in every language, with the way here; none for a page that is shown without a request."""
    request = context.get("request")
    return language_choices(request, context.get("origin") or {}) if request else []


@register.simple_tag
def said_in(content: HasLanguage) -> str:
    """The attributes of a passage of content in another language than its page; '' for the same one."""
    language = other_language(content.language)
    if not language:
        return ""
    direction = "rtl" if language in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', content.language, direction)


@register.inclusion_tag("_alternates.html")
def alternates(path: str) -> dict[str, object]:
    """For search engines: where else this page is, and in which language; x-default asks the browser."""
    page = f"{settings.PUBLIC_URL}{path}"
    return {"page": page, "pages": {code: f"{page}?{PARAMETER}={code}" for code, _ in settings.LANGUAGES}}
