"""Who may open the pages of the editor, and what each of them shows around its own content."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from scorecard.admin.pages.long_forms import long_form
from scorecard.admin.spoken import spoken
from scorecard.editing.parts import NoSuchPart, Place
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors

VIEW, ADD, CHANGE = (f"scorecard.{verb}_questionnaire" for verb in ("view", "add", "change"))
GONE = gettext_lazy("Somebody else removed this part meanwhile. Nothing was saved.")

View = Callable[..., HttpResponse]


def author_page(view: View) -> View:
    """Decorate a view of one draft, for those who may change it."""

    @wraps(view)
    @long_form
    @never_cache
    def inner(request: HttpRequest, pk: UUID, **options: Any) -> HttpResponse:
        require(request, CHANGE)
        draft = get_object_or_404(Questionnaire, pk=pk)
        try:
            return view(request, draft, **options)
        except NoSuchPart:
            messages.warning(request, GONE)
        except QuestionnaireErrors as errors:
            report(request, errors)
        return to_overview(draft)

    return inner


def require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def author(request: HttpRequest) -> User:
    """Who is signed in; the admin's pages admit nobody else."""
    return cast(User, request.user)


def report(request: HttpRequest, errors: QuestionnaireErrors) -> None:
    for problem in errors.problems:
        messages.error(request, spoken(problem.words))


def to_overview(draft: Questionnaire) -> HttpResponse:
    return redirect("admin:scorecard_questionnaire_change", draft.pk)


def edit_url(draft: Questionnaire, place: Place) -> str:
    return reverse("admin:scorecard_questionnaire_edit", args=[draft.pk, place.kind, place.key or "-"])


def editor_page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    around = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(
        request, f"admin/scorecard/questionnaire/{template}.html", around | context, status=status
    )
