"""The staff admin site: every view requires a session verified by a second factor."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from unfold.sites import UnfoldAdminSite

from accounts import second_factor
from accounts.session_store import record_use


class StaffAdminSite(UnfoldAdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the user is active staff, and verified by a second factor if one is required."""
        return bool(super().has_permission(request)) and not second_factor.is_missing(request)

    def admin_view(
        self, view: Callable[..., HttpResponseBase], cacheable: bool = False
    ) -> Callable[..., HttpResponseBase]:
        """Wrap a view in Django's permission check, and redirect unverified sessions to the second factor."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if super(StaffAdminSite, self).has_permission(request):
                if second_factor.is_missing(request):
                    step = second_factor.next_step(request)
                    return redirect_to_login(request.get_full_path(), step, REDIRECT_FIELD_NAME)
                record_use(request)
            response: HttpResponseBase = guarded(request, *args, **kwargs)
            return response

        return update_wrapper(inner, view)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The models of one app, for its page; [] of all, which each page asks for and none shows."""
        return super().get_app_list(request, app_label) if app_label else []

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        offered = not second_factor.is_required() and not second_factor.was_given(request)
        return super().index(request, {"second_factor_is_optional": offered, **(extra_context or {})})
