"""The Content-Security-Policy header, whose text is the same for almost every response."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# django-csp's attributes of a response with rules of its own; a request with a nonce has one, too.
OWN_RULES = {f"_csp_{name}{of}" for name in ("config", "update", "replace", "exempt") for of in ("", "_ro")}
NONCE = "_csp_nonce"


class ContentSecurityMiddleware(CSPMiddleware):
    """django-csp's, which builds the policy anew only for a response with rules or a nonce of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.policy = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG or has_own_rules(request, response):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


def has_own_rules(request: HttpRequest, response: HttpResponseBase) -> bool:
    return not OWN_RULES.isdisjoint(vars(response)) or NONCE in vars(request)
