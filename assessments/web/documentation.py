"""The page that documents the API."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI, Swagger


class Documentation(Swagger):
    """Ninja's page, with its scripts from this site.

    Ninja takes them from elsewhere unless it is an installed app; as one it would be imported, with pydantic,
    by every worker and every command.
    """

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        settings = self.settings | {"url": self.get_openapi_url(api, kwargs)}
        context = {"swagger_settings": json.dumps(settings), "api": api, "add_csrf": True}
        return render(request, self.template, context)
