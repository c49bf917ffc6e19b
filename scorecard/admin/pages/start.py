"""Begin a questionnaire: create one, copy one, import one; and search the questions of all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from scorecard.admin.forms.start import CreateForm, ImportForm, KeyForm
from scorecard.admin.pages.access import (
    ADD,
    VIEW,
    author,
    author_page,
    edit_url,
    editor_page,
    require,
    to_overview,
)
from scorecard.admin.spoken import spoken
from scorecard.content.documents import check_document
from scorecard.content.files import ContentErrors
from scorecard.content.shape import QuestionnaireContent
from scorecard.editing import lifecycle
from scorecard.editing.importing import read_uploads
from scorecard.editing.lifecycle import KeyTaken
from scorecard.editing.parts import Place
from scorecard.editing.search import search_questions
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors

TAKEN = gettext_lazy("Another questionnaire has this key.")


@never_cache
def create_page(request: HttpRequest) -> HttpResponse:
    require(request, ADD)
    form = CreateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = lifecycle.create(first_content(form), by=author(request))
            messages.success(request, _("The questionnaire is here. Add its pages and questions."))
            return to_overview(draft)
        except KeyTaken:
            form.add_error("key", TAKEN)
        except QuestionnaireErrors as errors:
            form.add_error(None, [spoken(problem.words) for problem in errors.problems])
    return editor_page(
        request, "start", _("New questionnaire"), {"form": form, "submit": _("Create")}, status=code(form)
    )


def first_content(form: CreateForm) -> QuestionnaireContent:
    """An empty questionnaire; with a score it has one band, to be split."""
    given = form.cleaned_data
    band = {
        "key": "all",
        "name": _("Everybody"),
        "min_score": 0,
        "max_score": 100,
        "message": "",
        "next_steps": [],
    }
    return check_document(
        {
            "key": given["key"],
            "name": given["name"],
            "description": "",
            "estimated_time": None,
            "language": given["language"],
            "sections": [],
            "bands": [band] if given["has_score"] else [],
        }
    )


@author_page
def copy_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    require(request, ADD)
    form = KeyForm(
        request.POST or None,
        initial={"name": _("%(name)s (copy)") % {"name": draft.name}, "key": f"{draft.key[:45]}_copy"},
    )
    if request.method == "POST" and form.is_valid():
        try:
            copied = lifecycle.copy(
                draft, form.cleaned_data["key"], form.cleaned_data["name"], by=author(request)
            )
            return to_overview(copied)
        except KeyTaken:
            form.add_error("key", TAKEN)
    context = {"form": form, "submit": _("Copy"), "draft": draft}
    return editor_page(
        request, "start", _("Copy %(name)s") % {"name": draft.name}, context, status=code(form)
    )


@never_cache
def import_page(request: HttpRequest) -> HttpResponse:
    """Read uploaded YAML files. What is wrong is told by file and line, and then nothing is written."""
    require(request, ADD)
    form = ImportForm(request.POST or None, request.FILES or None)
    lines: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            content = read_uploads(form.cleaned_data["uploads"])
            exists = Questionnaire.objects.filter(key=content.key).exists()
            if not exists or form.cleaned_data["replaces"]:
                draft, changes = lifecycle.load_import(content, by=author(request))
                messages.success(request, "; ".join(map(spoken, changes)) or _("The draft is up to date."))
                return to_overview(draft)
            form.add_error(
                "replaces",
                _("There is a questionnaire %(key)s. Tick the box to replace its draft.")
                % {"key": content.key},
            )
        except ContentErrors as errors:
            lines = tuple(map(spoken, errors.lines))
    context = {"form": form, "submit": _("Import"), "lines": lines, "has_files": True}
    return editor_page(
        request, "start", _("Import a questionnaire"), context, status=422 if lines else code(form)
    )


def code(form: CreateForm | KeyForm | ImportForm) -> int:
    return 422 if form.is_bound and form.errors else 200


@never_cache
def search_page(request: HttpRequest) -> HttpResponse:
    require(request, VIEW)
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = [
        (question, edit_url(question.questionnaire, Place("question", question.key)))
        for question in (search_questions(words) if words.strip() else ())
    ]
    return editor_page(request, "search", _("Search questions"), {"words": words, "found": found})
