"""Forms with many fields: the texts of a translation, the options of a question.

Django takes one limit for all forms, DATA_UPLOAD_MAX_NUMBER_FIELDS, and the check of CSRF reads a form before
its view begins. So the form of a marked view is read here, before that check; any other is left alone.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase

MOST_FIELDS = 1000
FORM = "application/x-www-form-urlencoded"


def long_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose form may have as many as MOST_FIELDS fields."""
    view.has_long_form = True  # type: ignore[attr-defined]  # read by the middleware
    return view


class LongFormMiddleware:
    """Read the form of a marked view. Stands before the check of CSRF."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raises TooManyFieldsSent."""
        is_marked = getattr(view, "has_long_form", False)
        if is_marked and request.method == "POST" and request.content_type == FORM:
            request.POST = form_fields(request.body)  # type: ignore[assignment]  # a setter of WSGIRequest


def form_fields(body: bytes) -> QueryDict:
    """Raises TooManyFieldsSent."""
    fields = QueryDict(mutable=True)
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise TooManyFieldsSent(f"The form has more than {MOST_FIELDS} fields.") from None
    for name, value in pairs:
        fields.appendlist(name, value)
    fields._mutable = False
    return fields
