"""Publish, schedule, compare, export, restore, retire and archive a questionnaire."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from constance import config
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from scorecard.admin.forms.start import PublishForm, ScheduleForm
from scorecard.admin.pages.access import author, author_page, editor_page, to_overview
from scorecard.admin.pages.overview import overview
from scorecard.admin.spoken import spoken
from scorecard.content.exporting import yaml_files
from scorecard.definition import Definition, parse
from scorecard.editing import lifecycle
from scorecard.editing.changes import ChangedMeanwhile, definition_of
from scorecard.editing.difference import differences
from scorecard.models import Questionnaire, QuestionnaireVersion
from scorecard.publishing import DraftErrors

DRAFT = "draft"
CHANGED = gettext_lazy(
    "Somebody else changed the draft meanwhile, and nothing was done. It is below as it is now: look at it, "
    "then do this again."
)
IS_DEFAULT = gettext_lazy("This is the questionnaire at /. Choose another one in the settings first.")


@require_POST
@author_page
def publish_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """Publish the draft; what blocks it is on the page already."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        return overview(request, draft, publish_form=form, status=422)
    note, seen = form.cleaned_data["note"], request.POST.get("seen", "")
    try:
        version, is_new = lifecycle.publish_draft(draft, note, by=author(request), seen=seen)
    except DraftErrors as errors:
        messages.error(request, blocked(errors))
        return overview(request, draft, publish_form=form, status=422)
    except ChangedMeanwhile:
        messages.warning(request, CHANGED)
        return overview(request, draft, publish_form=form, status=409)
    if not is_new:
        messages.info(
            request,
            _("Nothing has changed since version %(number)s, which stays published.")
            % {"number": version.number},
        )
    else:
        messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return to_overview(draft)


@require_POST
@author_page
def schedule_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    form = ScheduleForm(request.POST, auto_id="id_schedule_%s")
    if not form.is_valid():
        return overview(request, draft, schedule_form=form, status=422)
    at, note = form.cleaned_data["publish_at"], form.cleaned_data["note"]
    try:
        lifecycle.schedule(draft, at, note, by=author(request), seen=request.POST.get("seen", ""))
    except DraftErrors as errors:
        messages.error(request, blocked(errors))
        return overview(request, draft, schedule_form=form, status=422)
    except ChangedMeanwhile:
        messages.warning(request, CHANGED)
        return overview(request, draft, schedule_form=form, status=409)
    messages.success(
        request,
        _("The draft as it is now will be published on %(at)s UTC.")
        % {"at": date_format(at, _("j F Y, H:i"))},
    )
    return to_overview(draft)


def blocked(errors: DraftErrors) -> str:
    count = len(errors.problems)
    words = ngettext(
        "Not published: %(count)d error to put right first, listed below.",
        "Not published: %(count)d errors to put right first, listed below.",
        count,
    )
    return words % {"count": count}


@require_POST
@author_page
def cancel_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    if lifecycle.cancel_schedule(draft, by=author(request)):
        messages.success(request, _("The planned publication is cancelled."))
    else:
        messages.info(request, _("Nothing was planned any more."))
    return to_overview(draft)


@require_safe
@author_page
def difference_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """What changed from one version to another, or to the draft, in words."""
    numbers = list(draft.versions.values_list("number", flat=True))
    if not numbers:
        messages.info(request, _("Nothing is published yet, so there is nothing to compare with."))
        return to_overview(draft)
    older, newer = request.GET.get("from") or str(numbers[0]), request.GET.get("to") or DRAFT
    found = differences(definition_at(draft, older), definition_at(draft, newer))
    context = {
        "draft": draft,
        "older": older,
        "newer": newer,
        "choices": [*map(str, numbers), DRAFT],
        "differences": [(spoken(each.place), spoken(each.text)) for each in found],
    }
    return editor_page(request, "difference", _("What changed in %(name)s") % {"name": draft.name}, context)


def definition_at(draft: Questionnaire, number: str) -> Definition:
    """A version, or the draft. Raises Http404."""
    return definition_of(draft) if number == DRAFT else parse(version_at(draft, number).definition)


def version_at(draft: Questionnaire, number: str | None) -> QuestionnaireVersion:
    """Raises Http404."""
    if not number or not number.isdecimal() or len(number) > 6:
        raise Http404
    return get_object_or_404(draft.versions.select_related("questionnaire"), number=int(number))


@require_safe
@author_page
def export_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """A version, or the draft, as YAML: one file, or a ZIP of several with its translations."""
    number = request.GET.get("version", DRAFT)
    files = yaml_files(definition_at(draft, number))
    suffix = "" if number == DRAFT else f"-{number}"
    if len(files) == 1:
        response = HttpResponse(*files.values(), content_type="application/yaml; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{draft.key}{suffix}.yaml"'
        return response
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{draft.key}{suffix}.zip"'
    return response


@require_POST
@author_page
def restore_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    version = version_at(draft, request.POST.get("version"))
    newest = lifecycle.restore(version, by=author(request))
    told = (
        _("Version %(number)s is live again, as version %(newest)s.")
        if draft.is_active
        else _(
            "Version %(number)s is the newest again, as version %(newest)s. The questionnaire stays retired."
        )
    )
    messages.success(request, told % {"number": version.number, "newest": newest.number})
    return to_overview(draft)


@require_POST
@author_page
def reset_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    version = version_at(draft, request.POST.get("version"))
    try:
        lifecycle.reset_draft(version, by=author(request), seen=request.POST.get("seen", ""))
    except ChangedMeanwhile:
        messages.warning(request, CHANGED)
        return overview(request, draft, status=409)
    messages.success(request, _("The draft is what version %(number)s was.") % {"number": version.number})
    return to_overview(draft)


def state_page(
    act: Callable[[Questionnaire, User], None], words: Any, *, leaves: bool
) -> Callable[..., HttpResponse]:
    """A view that retires, archives or brings back. The default questionnaire cannot leave."""

    @require_POST
    @author_page
    def page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
        if leaves and draft.key in (config.QUESTIONNAIRE, settings.DEFAULT_QUESTIONNAIRE):
            messages.error(request, IS_DEFAULT)
            return to_overview(draft)
        act(draft, author(request))
        messages.success(request, words)
        return to_overview(draft)

    return page


retire_page = state_page(
    lambda draft, by: lifecycle.set_active(draft, active=False, by=by),
    gettext_lazy("The questionnaire is retired: nobody can start it, open sessions go on."),
    leaves=True,
)
bring_back_page = state_page(
    lambda draft, by: lifecycle.set_active(draft, active=True, by=by),
    gettext_lazy("The questionnaire is back."),
    leaves=False,
)
archive_page = state_page(
    lambda draft, by: lifecycle.archive(draft, by=by),
    gettext_lazy("The questionnaire is archived. Its versions and results stay."),
    leaves=True,
)
