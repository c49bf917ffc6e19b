"""robots.txt and the sitemap."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assessments.web.questionnaires import default_key
from scorecard.versions import live_keys

# Not /shared/: link previews must fetch these pages, which are marked noindex.
CLOSED = (
    "/admin/",
    "/api/",
    "/start/",
    "/resume/",
    "/step/",
    "/results/",
    "/continue/",
    "/report/",
    "/privacy/yours/",
    "/privacy/open/",
)
LANDING = "assessments:landing"
PAGES = (LANDING, "privacy:notice", "privacy:page")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> HttpResponse:
    addresses = [f"{settings.PUBLIC_URL}{reverse(name)}" for name in PAGES]
    others = [key for key in live_keys() if key != default_key()]
    addresses += [f"{settings.PUBLIC_URL}{reverse(LANDING)}{key}/" for key in others]
    return render(request, "sitemap.xml", {"addresses": addresses}, content_type="application/xml")
