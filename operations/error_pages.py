"""Error pages for 4xx responses; in the admin's layout for the back office."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

MISSING = "This page does not exist. What it showed may have been deleted, or the address may be mistyped."
REFUSED = "Your role does not include this page. An administrator can give you a role that does."


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if in_back_office(request):
        return backoffice_page(request, 404, "This page does not exist", MISSING)
    return defaults.page_not_found(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if in_back_office(request):
        return backoffice_page(request, 403, "You do not have access to this page", REFUSED)
    return defaults.permission_denied(request, exception)


def in_back_office(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)  # absent if an earlier middleware rejected the request
    return request.path.startswith("/admin/") and bool(user and user.is_active and user.is_staff)


def backoffice_page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "words": words}
    return render(request, "admin/error.html", context, status=status)
