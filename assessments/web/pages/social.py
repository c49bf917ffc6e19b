"""Open Graph picture and structured data of the landing page."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from assessments.web.error_pages import with_error_pages
from assessments.web.questionnaires import requested_key
from branding.brand import Brand, current_brand
from branding.drawing import social_card
from branding.views import cached_response
from scorecard import versions
from scorecard.definition import Definition
from web.languages import current_language

ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}


@require_safe
@with_error_pages
def card_picture(request: HttpRequest) -> HttpResponse:
    """The Open Graph image: 1200 by 630 pixels."""
    brand = current_brand()
    definition = versions.current(requested_key(request)).in_language(current_language())
    return cached_response(
        request, brand, social_card(brand, definition.name, card_facts(definition)), "image/png"
    )


def card_facts(definition: Definition) -> str:
    """The numbers of questions and minutes, in one line."""
    questions = len(definition.questions)
    minutes = definition.estimated_time
    return " · ".join(
        (
            ngettext("%(number)s question", "%(number)s questions", questions) % {"number": questions},
            ngettext("about %(minutes)s minute", "about %(minutes)s minutes", minutes) % {"minutes": minutes},
            gettext("no registration"),
        )
    )


def structured_data(definition: Definition, brand: Brand) -> SafeString:
    """The questionnaire as schema.org JSON-LD, escaped for a script element."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Quiz",
        "name": definition.name,
        "description": definition.description,
        "url": f"{settings.PUBLIC_URL}{reverse('assessments:landing')}",
        "timeRequired": f"PT{definition.estimated_time}M",
        "isAccessibleForFree": True,
        "about": [section.name for section in definition.sections],
        "publisher": {"@type": "Organization", "name": brand.name},
    }
    if brand.contact:
        found["publisher"]["email"] = brand.contact
    return mark_safe(json.dumps(found).translate(ESCAPES))  # noqa: S308  # nothing left that ends a script
