"""Add, move and remove parts of a draft, and its translations side by side."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from scorecard.admin.forms.fields import Values
from scorecard.admin.forms.parts import NewBandForm, NewPartForm, NewSectionForm
from scorecard.admin.forms.questions import NewQuestionForm
from scorecard.admin.pages.access import author, author_page, edit_url, editor_page, report, to_overview
from scorecard.admin.spoken import spoken
from scorecard.conditions import question_keys
from scorecard.content.drafts import draft_document
from scorecard.content.fields import LANGUAGES
from scorecard.definition import Definition
from scorecard.editing.changes import ChangedMeanwhile, Seen, change_draft, definition_of
from scorecard.editing.parts import (
    Document,
    NoSuchPart,
    Place,
    add,
    move,
    move_by,
    part_at,
    remove,
    revision,
    siblings,
)
from scorecard.editing.translations import TextLine, side_by_side, write_texts
from scorecard.editing.wording import rule_in_words
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors

NEW_FORMS: dict[str, type[NewPartForm]] = {
    "section": NewSectionForm,
    "area": NewSectionForm,
    "question": NewQuestionForm,
    "band": NewBandForm,
}
TITLES = {
    "section": _lazy("New page"),
    "area": _lazy("New area"),
    "question": _lazy("New question"),
    "band": _lazy("New score band"),
}
REMOVALS = {
    "section": _lazy("Remove this page?"),
    "area": _lazy("Remove this area?"),
    "question": _lazy("Remove this question?"),
    "band": _lazy("Remove this score band?"),
    "rule": _lazy("Remove this rule?"),
    "translation": _lazy("Remove this language?"),
}
EMPTY: dict[str, Values] = {
    "section": {"description": "", "questions": []},
    "area": {"description": ""},
    "question": {},
    "band": {"message": "", "next_steps": []},
}


@author_page
def add_page(request: HttpRequest, draft: Questionnaire, kind: str) -> HttpResponse:
    """Add a part with its key and its name; the rest is filled in on its own page."""
    form = NEW_FORMS[kind](request.POST or None)
    section = request.GET.get("section", "")
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or free_key(draft, form.title)
        place = Place(kind, key)

        def append(document: Document) -> None:
            values: Values = {"key": key, **EMPTY[kind]}
            form.write(values)
            add(document, place, values | {"key": key}, section=section)

        try:
            change_draft(draft.pk, append, by=author(request))
            return redirect(edit_url(draft, place))
        except QuestionnaireErrors as errors:
            form.add_error(None, [spoken(problem.words) for problem in errors.problems])
    context = {"draft": draft, "form": form, "submit": _("Add")}
    status = 422 if form.is_bound and form.errors else 200
    return editor_page(request, "start", str(TITLES[kind]), context, status=status)


def free_key(draft: Questionnaire, title: str) -> str:
    """A key made of a text, which no part of the questionnaire has."""
    words = slugify(title).replace("-", "_").lstrip("0123456789_")[:40].rstrip("_") or "part"
    document = draft_document(draft)
    parts = [*document["sections"], *document.get("areas", ()), *document["bands"]]
    parts += [question for section in document["sections"] for question in section["questions"]]
    taken = {part["key"] for part in parts}
    return next(
        key for key in (words, *(f"{words}_{number}" for number in range(2, 10_000))) if key not in taken
    )


@require_POST
@author_page
def move_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """Move a part: by `steps` (-1 up, 1 down), or to the index `to`, of `section` for a question."""
    place, posted = posted_place(request), request.POST
    if (to := posted.get("to", "")).isdecimal():
        index = int(to[:5])
        change_draft(draft.pk, lambda document: move_to(document, place, index, posted), by=author(request))
    else:
        steps = -1 if posted.get("steps") == "-1" else 1
        change_draft(draft.pk, lambda document: move_by(document, place, steps), by=author(request))
    return back_to(request, draft, place)


def move_to(document: Document, place: Place, index: int, posted: Any) -> None:
    section = posted.get("section", "")
    if place.kind == "question" and section:
        items = siblings(document, place)
        goal: list[Values] = part_at(document, Place("section", section))["questions"]
        if goal is not items:
            question = part_at(document, place)
            items.remove(question)
            goal.insert(min(index, len(goal)), question)
            return
    move(document, place, index)


@require_safe
@author_page
def confirm_page(request: HttpRequest, draft: Questionnaire, kind: str, key: str) -> HttpResponse:
    """Ask before a part is removed, and say what goes with it."""
    place, document = Place(kind, key), draft_document(draft)
    if kind not in REMOVALS or (kind == "translation" and key not in document.get("translations", {})):
        raise NoSuchPart(place)
    part = part_at(document, place)
    context = {
        "draft": draft,
        "place": place,
        "name": name_of(part, place, definition_of(draft)),
        "questions": [question["text"] for question in part.get("questions", ())],
        "rules": rules_about(draft, {key, *(each["key"] for each in part.get("questions", ()))})
        if kind in ("question", "section")
        else [],
        "back": edit_url(draft, place),
    }
    return editor_page(request, "confirm", str(REMOVALS[kind]), context)


def name_of(part: Values, place: Place, definition: Definition) -> str:
    if place.kind == "rule":
        return spoken(rule_in_words(definition, definition.rules[int(place.key) - 1]))
    if place.kind == "translation":
        return str(get_language_info(place.key)["name_translated"])
    return str(part.get("text") or part.get("name") or place.key)


def rules_about(draft: Questionnaire, keys: set[str]) -> list[str]:
    """The sentences of the rules that ask about these questions, or act on these questions and pages."""
    definition = definition_of(draft)
    return [
        spoken(rule_in_words(definition, rule))
        for rule in definition.rules
        if keys & {*rule.targets, *question_keys(rule.when)}
    ]


@require_POST
@author_page
def remove_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """Remove a part; refused while rules ask about it."""
    place = posted_place(request)
    change_draft(draft.pk, lambda document: remove(document, place), by=author(request))
    messages.success(request, _("Removed. Published versions keep it."))
    return to_overview(draft)


def posted_place(request: HttpRequest) -> Place:
    return Place(request.POST.get("kind", ""), request.POST.get("key", ""))


def back_to(request: HttpRequest, draft: Questionnaire, place: Place) -> HttpResponse:
    """The page of the draft, at the part that was moved."""
    response = to_overview(draft)
    response["Location"] += f"#{place.kind}-{place.key}"
    return response


@require_POST
@author_page
def new_language_page(request: HttpRequest, draft: Questionnaire) -> HttpResponse:
    """Begin a translation."""
    language = request.POST.get("language", "").strip().lower()
    if language not in LANGUAGES or language == draft.language:
        messages.error(request, _("Say the code of another language, such as de."))
        return to_overview(draft)
    return redirect("admin:scorecard_questionnaire_translation", draft.pk, language)


@author_page
def translation_page(request: HttpRequest, draft: Questionnaire, language: str) -> HttpResponse:
    """All texts side by side with those of one language; gaps are marked."""
    place = Place("translation", language)
    if language not in LANGUAGES:
        return to_overview(draft)
    document = draft_document(draft)
    seen = request.POST.get("seen") or revision(document, place)
    lines = side_by_side(definition_of(draft), language, request.POST or None)
    status = 200
    if request.method == "POST":
        try:
            change_draft(draft.pk, write_texts(language, lines), by=author(request), seen=Seen(place, seen))
            messages.success(request, _("Saved."))
            return redirect(request.get_full_path())
        except ChangedMeanwhile as meanwhile:
            lines, seen, status = (
                beside_theirs(lines, side_by_side(definition_of(draft), language)),
                meanwhile.revision,
                409,
            )
        except QuestionnaireErrors as errors:
            report(request, errors)
            status = 422
    part = request.GET.get("part", "")
    parts = [("", _("General texts")), *((each["key"], each["name"]) for each in document["sections"])]
    context = {
        "draft": draft,
        "part": part,
        "parts": [(key, name, gaps_in(lines, key)) for key, name in parts],
        "language": language,
        "name": get_language_info(language)["name_translated"],
        "lines": [replace(line, where=spoken(line.where)) for line in lines if line.part == part],
        "gaps": gaps_in(lines),
        "seen": seen,
        "meanwhile": status == 409,
    }
    return editor_page(request, "translation", f"{draft.name}: {context['name']}", context, status=status)


def gaps_in(lines: list[TextLine], part: str | None = None) -> int:
    return sum(not line.text.strip() for line in lines if part in (None, line.part))


def beside_theirs(mine: list[TextLine], theirs: list[TextLine]) -> list[TextLine]:
    """What was typed, with what the other one saved where it differs."""
    stored = {line.name: line.text for line in theirs}
    return [line.beside(stored.get(line.name, "")) for line in mine]
