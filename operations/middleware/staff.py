"""Sessions, log-ins and messages: for staff only. The public form and the API pass through none of them."""

from typing import cast

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.models import User
from web.languages import current_language

BACK_OFFICE = "/admin/"


def may_be_staff(request: HttpRequest) -> bool:
    """Whether this is a page of the back office, or a browser with the cookie of staff."""
    return request.path_info.startswith(BACK_OFFICE) or settings.SESSION_COOKIE_NAME in request.COOKIES


class StaffMiddleware(SessionMiddleware, AuthenticationMiddleware, MessageMiddleware):
    """Django's three in one: a visitor's request passes by all of them in a single step."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.user = AnonymousUser()  # until the session says who it is
        call = super().__call__ if may_be_staff(request) else self.get_response
        return cast(HttpResponseBase, call(request))

    def process_request(self, request: HttpRequest) -> None:
        SessionMiddleware.process_request(self, request)
        AuthenticationMiddleware.process_request(self, request)
        note_language(request)
        MessageMiddleware.process_request(self, request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        MessageMiddleware.process_response(self, request, response)
        return SessionMiddleware.process_response(self, request, response)


def note_language(request: HttpRequest) -> None:
    """Remember in which language staff read the back office, for what is written to them later."""
    if not request.path_info.startswith(BACK_OFFICE):
        return
    user, language = request.user, current_language()
    if isinstance(user, User) and user.language != language:
        User.everyone.filter(pk=user.pk).update(language=language)
