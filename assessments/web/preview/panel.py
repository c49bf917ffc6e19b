"""The part of a draft's page that leads to its preview."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessments.web.preview.links import DAYS, preview_url
from scorecard.models import Questionnaire


def preview_panel(request: HttpRequest, draft: Questionnaire) -> dict[str, Any]:
    """The links to the draft and to each version, to be sent to others."""
    numbers = draft.versions.values_list("number", flat=True)
    links = [(_("The draft as it is now"), preview_url(draft.pk))]
    links += [
        (_("Version %(number)s") % {"number": number}, preview_url(draft.pk, number))
        for number in numbers[:3]
    ]
    return {
        "days": DAYS,
        "links": [(name, path, request.build_absolute_uri(path)) for name, path in links],
    }
