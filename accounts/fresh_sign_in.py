"""Reauthentication before settings, exports, erasures, users and roles."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern
from django.utils.translation import gettext as _

from accounts import second_factor

View = Callable[..., HttpResponseBase]


def fresh_sign_in(view: View) -> View:
    """Decorate a view to require recent authentication; otherwise redirect to reauthentication.

    A POST is accepted for twice as long, so that a form that was opened in time can be submitted.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        seconds = second_factor.FRESH_SECONDS * (2 if request.method == "POST" else 1)
        if request.user.is_authenticated and not second_factor.is_fresh(request, seconds):
            messages.info(request, _("Please confirm that it is you before you go on."))
            return redirect_to_login(request.get_full_path(), second_factor.confirm_step(request))
        return view(request, *args, **kwargs)

    return inner


class FreshSignInMixin:
    """Mixin for a ModelAdmin all of whose pages require recent authentication."""

    def get_urls(self) -> list[URLPattern]:
        patterns: list[URLPattern] = super().get_urls()  # type: ignore[misc]  # defined by ModelAdmin
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = fresh_sign_in(pattern.callback)
        return patterns
