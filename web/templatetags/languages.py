"""Template tags for the languages of a page, in its footer and head."""

from typing import Protocol

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import format_html

from web.languages import PARAMETER, LanguageChoice, language_choices, other_language

register = template.Library()


class HasLanguage(Protocol):
    """Content with a language, such as a questionnaire or a result."""

    @property
    def language(self) -> str: ...


@register.simple_tag(takes_context=True)
def page_languages(context: Context) -> list[LanguageChoice]:
    """The URLs of this page in every language, with the visit's `origin` parameters; [] without a request."""
    request = context.get("request")
    return language_choices(request, context.get("origin") or {}) if request else []


@register.simple_tag
def language_attributes(content: HasLanguage) -> str:
    """HTML attributes for content in another language than its page; '' for the same language."""
    language = other_language(content.language)
    if not language:
        return ""
    direction = "rtl" if language in settings.LANGUAGES_BIDI else "ltr"
    return format_html(' lang="{}" dir="{}"', content.language, direction)


@register.inclusion_tag("_alternates.html")
def alternates(path: str) -> dict[str, object]:
    """hreflang alternates for search engines; x-default is the URL that negotiates the language."""
    page = f"{settings.PUBLIC_URL}{path}"
    return {"page": page, "pages": {code: f"{page}?{PARAMETER}={code}" for code, _ in settings.LANGUAGES}}
