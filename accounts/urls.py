"""Log-in, second factor and sessions of staff: django-allauth's views in the admin's layout.

Only a subset is exposed: there is no sign-up, and addresses are changed by an admin.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from allauth.account import urls as account
from allauth.mfa import urls as mfa
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, include, path

from accounts import second_factor
from accounts.sessions_page import sessions
from accounts.throttle import remember_browser

View = Callable[..., HttpResponseBase]

# Pages before verification. All others require a verified session, as every view of the admin does.
ON_THE_WAY = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_activate_totp",
        "mfa_add_webauthn",
    }
)
PAGES = frozenset(name for name in ON_THE_WAY if name.startswith("account_")) | {"account_change_password"}


def admin_page(view: View, name: str) -> View:
    """Wrap a view with its access check, 429 for a paused log-in, and the admin's context."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if name not in ON_THE_WAY and request.user.is_authenticated and second_factor.is_missing(request):
            return redirect_to_login(request.get_full_path(), second_factor.next_step(request))
        response = view(request, *args, **kwargs)
        if seconds := getattr(request, "paused_seconds", 0):
            response.status_code, response["Retry-After"] = 429, str(seconds)
        if owner := getattr(request, "proven_owner", request.user if request.user.is_authenticated else None):
            remember_browser(request, response, owner.get_username())
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            response.context_data = {**admin.site.each_context(request), **(response.context_data or {})}
        return response

    return inner


def framed_patterns(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    found: list[URLPattern | URLResolver] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inside = framed_patterns(pattern.url_patterns)
            found.append(URLResolver(pattern.pattern, inside, pattern.default_kwargs))
        else:
            name = pattern.name or ""
            found.append(
                URLPattern(pattern.pattern, admin_page(pattern.callback, name), pattern.default_args, name)
            )
    return found


login = next(page for page in account.urlpatterns if page.name == "account_login")

pages = [page for page in account.urlpatterns if page.name in PAGES and page is not login]

urlpatterns = [
    path("login/", admin_page(login.callback, "account_login"), name="account_login"),
    path("account/", include(framed_patterns(pages))),
    path("account/sessions/", admin_page(sessions, "staff_sessions"), name="staff_sessions"),
    path("account/second-factor/", include(framed_patterns(mfa.urlpatterns))),
]
