"""The Content-Security-Policy header, whose text is the same for almost every response."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# django-csp's attributes of a response with rules of its own.
OWN_RULES = {f"_csp_{name}{of}" for name in ("config", "update", "replace", "exempt") for of in ("", "_ro")}


class ContentSecurityMiddleware(CSPMiddleware):
    """django-csp's, which builds the policy anew only for a response with rules of its own.

    There are no inline scripts, so there is no nonce. The object that would make one and the request refer to
    each other, and would wait with all that they hold for the collector of garbage.
    """

    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.process_response(request, self.get_response(request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or has_own_rules(response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


def has_own_rules(response: HttpResponseBase) -> bool:
    return not OWN_RULES.isdisjoint(vars(response))
