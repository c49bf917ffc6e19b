"""The history of a row in the admin, whose own lines are translated when they are shown."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from web import gettext_noop

RUN_NOW = gettext_noop("Run now.")
SENT_AGAIN = gettext_noop("Sent again.")
ERASED_BY_HAND = gettext_noop("Erased by hand.")


class TranslatedHistory:
    """An admin whose actions leave one of the lines above; Django translates its own."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().history_view(request, object_id, extra_context)  # type: ignore[misc]  # a mixin
        if isinstance(response, TemplateResponse) and response.context_data:
            for entry in response.context_data["action_list"]:
                in_words(entry)
        return response


def in_words(entry: LogEntry) -> None:
    if entry.change_message in (RUN_NOW, SENT_AGAIN, ERASED_BY_HAND):
        entry.change_message = gettext(entry.change_message)
