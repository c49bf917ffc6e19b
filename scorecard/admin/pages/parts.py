"""Edit a part of a draft: a form, its lists, and the lines of its condition."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from scorecard.admin.forms.conditions import JoinForm, LineFormSet, condition_from, lines_of, number_in
from scorecard.admin.forms.fields import PartForm, Values, read_at, typed_values, write_at
from scorecard.admin.forms.parts import AreaForm, BandForm, RuleForm, SectionForm, TextsForm
from scorecard.admin.forms.questions import LISTS, AdviceForm, QuestionForm, parts_of, write_lines
from scorecard.admin.pages.access import author, author_page, edit_url, editor_page, to_overview
from scorecard.admin.pages.overview import finding_line, place_of
from scorecard.admin.spoken import spoken
from scorecard.checking import check
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.content.questions import ConditionContent, RuleContent
from scorecard.definition import Definition
from scorecard.editing.changes import ChangedMeanwhile, Seen, change_draft
from scorecard.editing.difference import label_of
from scorecard.editing.parts import Document, Place, own_values, part_at, revision
from scorecard.editing.wording import condition_in_words, rule_in_words
from scorecard.models import Questionnaire
from scorecard.problems import QuestionnaireErrors, Words

ALWAYS = _lazy("Without a line it is always shown, unless a rule says otherwise.")
FORMS: Mapping[str, type[PartForm]] = {
    "texts": TextsForm,
    "section": SectionForm,
    "question": QuestionForm,
    "area": AreaForm,
    "band": BandForm,
    "rule": RuleForm,
    "option": AdviceForm,
}
CONDITION = {  # where it has its condition
    "section": "visible_if",
    "question": "visible_if",
    "rule": "when",
    "texts": "qualification__when",
    "option": "skip_if",
}
NAMES: dict[str, Any] = {
    "texts": _lazy("Texts and settings"),
    "section": _lazy("Page"),
    "question": _lazy("Question"),
    "area": _lazy("Area"),
    "band": _lazy("Score band"),
    "rule": _lazy("Rule"),
    "option": _lazy("Advice for"),
}
WHEN: dict[str, tuple[Any, Any]] = {  # what stands above its condition, and what holds without one
    "section": (_lazy("When it is shown"), ALWAYS),
    "question": (_lazy("When it is shown"), ALWAYS),
    "rule": (_lazy("When it applies"), ""),
    "texts": (
        _lazy("Which answers qualify"),
        _lazy("With a line and a total, both must hold."),
    ),
    "option": (
        _lazy("When it is left out"),
        _lazy("Without a line, all who choose the option get it."),
    ),
}
SENTENCES = {
    "section": Words("Shown if %(condition)s."),
    "question": Words("Shown if %(condition)s."),
    "texts": Words("Qualified if %(condition)s."),
    "option": Words("Left out if %(condition)s."),
}
NEW_RULE = Place("rule", "new")
PREFILLED = ("ORDER", "operator", "level")  # fields of a line that nobody has filled in
LINES = "lines"  # prefix of the lines of a condition


@dataclass
class Editor:
    """The forms of one part: its own fields, its lists, and its condition."""

    place: Place
    part: Values
    definition: Definition
    data: Any = None  # what was posted; None to show what is stored
    form: PartForm = field(init=False)
    lists: "dict[str, forms.BaseFormSet[Any]]" = field(init=False, default_factory=dict)
    join: JoinForm | None = None
    lines: "forms.BaseFormSet[Any] | None" = None

    def __post_init__(self) -> None:
        self.form = self.own_form(self.data)
        for name in self.list_names:
            self.lists[name] = LISTS[name][1](self.data, prefix=name, initial=self.part.get(name) or [])
        if self.condition_name:
            join, lines = lines_of(self.condition)
            self.join = JoinForm(self.data, initial={"join": join})
            self.lines = LineFormSet(
                self.data, prefix=LINES, initial=lines, form_kwargs={"definition": self.definition}
            )

    @property
    def list_names(self) -> list[str]:
        if self.place.kind != "question":
            return []
        return [name for name in LISTS if name in parts_of(self.part["type"])]

    @property
    def condition_name(self) -> str:
        return CONDITION.get(self.place.kind, "")

    @property
    def condition(self) -> Values | None:
        found: Values | None = read_at(self.part, self.condition_name.split("__"))
        return found

    def own_form(self, data: Any = None, initial: Values | None = None) -> PartForm:
        options: Values = {"targets": targets(self.definition)} if self.place.kind == "rule" else {}
        return FORMS[self.place.kind](data, part=self.part, initial=initial, **options)

    def is_valid(self) -> bool:
        others = [*self.lists.values(), *(each for each in (self.join, self.lines) if each is not None)]
        valid = all([self.form.is_valid(), *(each.is_valid() for each in others)])
        if valid and self.place.kind == "rule" and not any(line for line, _ in self.comparisons()):
            self.form.add_error(None, _("Say when the rule applies: fill in one line at least."))
            return False
        return valid

    def comparisons(self) -> list[tuple[Values | None, int]]:
        """The comparisons of the condition, each with its level; None for a line without a question."""
        lines = self.lines.forms if self.lines is not None else []
        return [(form.comparison(), int(form.cleaned_data.get("level") or 1)) for form in lines]

    def write(self, document: Document) -> None:
        """Write what was typed into the part, or append a new rule. Raises NoSuchPart."""
        if self.place == NEW_RULE:
            part: Values = {}
            document.setdefault("rules", []).append(part)
        else:
            part = part_at(document, self.place)
        self.write_into(part)

    def write_into(self, part: Values) -> None:
        self.form.write(part)
        for name, formset in self.lists.items():
            if name in parts_of(part["type"]):
                part[name] = write_lines(formset, part.get(name) or [])
        if self.lines is not None and self.join is not None:
            condition = condition_from(self.join.cleaned_data["join"] or "AND", self.comparisons())
            write_at(part, self.condition_name.split("__"), condition)

    def rearranged(self, name: str, number: int, steps: int) -> "Editor":
        """The same forms, unsaved, with one line of a list moved up (-1) or down (1)."""
        shown = Editor(self.place, self.part, self.definition)
        shown.form = self.own_form(initial=typed_values(self.form))
        for each, formset in self.lists.items():
            rows = typed_rows(formset)
            if each == name and 0 <= number < len(rows) and 0 <= number + steps < len(rows):
                rows.insert(number + steps, rows.pop(number))
            shown.lists[each] = LISTS[each][1](prefix=each, initial=rows)
        if self.join and self.lines:
            shown.join = JoinForm(initial=typed_values(self.join))
            shown.lines = LineFormSet(
                prefix=LINES, initial=typed_rows(self.lines), form_kwargs={"definition": self.definition}
            )
        return shown

    @property
    def sentence(self) -> str:
        """What the stored condition or rule does."""
        if self.place.kind == "rule" and self.part.get("when", {}).get("field"):
            rule = RuleContent.model_validate(own_rule(self.part)).definition()
            return spoken(rule_in_words(self.definition, rule))
        if self.condition and self.place.kind != "rule":
            condition = ConditionContent.model_validate(self.condition).definition()
            words = condition_in_words(self.definition, condition)
            return spoken(SENTENCES[self.place.kind].having(condition=words))
        return ""

    def typed_sentence(self) -> str:
        """What the condition or rule that was typed would do; "" while something is missing."""
        if not self.is_valid():
            return ""
        part = deepcopy(self.part)
        self.write_into(part)
        return Editor(self.place, part, self.definition).sentence


def own_rule(part: Values) -> Values:
    return {"targets": [], "action": "SHOW"} | part


def typed_rows(formset: "forms.BaseFormSet[Any]") -> list[Values]:
    """What stands in the lines, in their order, without empty ones."""
    typed = [typed_values(form) for form in formset.forms]
    levels = [*(number_in(row.get("level")) for row in typed), 1]
    rows = [
        row
        for number, row in enumerate(typed)
        if any(value not in (None, "", False) for name, value in row.items() if name not in PREFILLED)
        or levels[number + 1] > levels[number]  # holds a group together
    ]
    rows.sort(key=lambda row: int(row["ORDER"]) if str(row.get("ORDER") or "").isdecimal() else 10_000)
    return [{name: value for name, value in row.items() if name not in ("ORDER", "DELETE")} for row in rows]


def targets(definition: Definition) -> list[tuple[str, str]]:
    """What a rule may be about."""
    pages = [(section.key, _("Page: %(name)s") % {"name": section.name}) for section in definition.sections]
    return pages + [(key, question.text[:90]) for key, question in definition.questions.items()]


@author_page
def edit_page(request: HttpRequest, draft: Questionnaire, kind: str, key: str) -> HttpResponse:
    """Edit one part: show its form, rearrange its lines, or save it."""
    place = Place(kind, "" if kind == "texts" else key)
    if kind not in FORMS:
        raise Http404
    document = draft_document(draft)
    definition = check_document(document).definition()
    part = {} if place == NEW_RULE else part_at(document, place)
    editor = Editor(place, part, definition, request.POST or None)
    seen = request.POST.get("seen") or revision(document, place)
    if request.method != "POST":
        return show(request, draft, editor, seen)
    for button, steps in (("up", -1), ("down", 1), ("more", 0)):
        if line := request.POST.get(button):
            name, _, number = line.rpartition("-")
            at = int(number) if number.isdecimal() else -1
            shown = editor.rearranged(name, at, steps)
            goal = f"{name}-{at + steps}" if steps else line
            return show(request, draft, shown, seen, focus=f"{button} {goal}")
    if "say" in request.POST:
        return show(request, draft, editor, seen, sentence=editor.typed_sentence())
    if not editor.is_valid():
        return show(request, draft, editor, seen, status=422)
    return save(request, draft, editor, seen)


def save(request: HttpRequest, draft: Questionnaire, editor: Editor, seen: str) -> HttpResponse:
    """Write the part; a second editor is told what the first one saved, and keeps what they typed."""
    known = None if editor.place == NEW_RULE else Seen(editor.place, seen)
    try:
        change_draft(draft.pk, editor.write, by=author(request), seen=known)
    except ChangedMeanwhile as meanwhile:
        theirs = theirs_in_words(editor, draft_document(draft))
        return show(request, draft, editor, meanwhile.revision, status=409, theirs=theirs)
    except QuestionnaireErrors as errors:
        return show(
            request,
            draft,
            editor,
            seen,
            status=422,
            problems=[spoken(each.words) for each in errors.problems],
        )
    messages.success(request, _("Saved."))
    stays = "stay" in request.POST and editor.place != NEW_RULE
    return redirect(edit_url(draft, editor.place)) if stays else to_overview(draft)


def theirs_in_words(editor: Editor, document: Document) -> list[tuple[str, str, str]]:
    """What the other one saved and saving now would overwrite: name, theirs, mine."""
    theirs = own_values(part_at(document, editor.place), editor.place)
    changed = deepcopy(document)
    editor.write(changed)
    mine = own_values(part_at(changed, editor.place), editor.place)
    return [
        (spoken(label_of(name)), str(theirs.get(name, "")), str(mine.get(name, "")))
        for name in dict.fromkeys((*theirs, *mine))
        if theirs.get(name) != mine.get(name)
    ]


def show(
    request: HttpRequest,
    draft: Questionnaire,
    editor: Editor,
    seen: str,
    *,
    status: int = 200,
    problems: list[str] | None = None,
    theirs: list[tuple[str, str, str]] | None = None,
    sentence: str | None = None,
    focus: str = "",
) -> HttpResponse:
    title = (
        _("New rule")
        if editor.place == NEW_RULE
        else f"{NAMES[editor.place.kind]} {editor.place.key}".strip()
    )
    findings = check(editor.definition).findings if status == 200 else ()
    context = {
        "draft": draft,
        "editor": editor,
        "seen": seen,
        "problems": problems or [],
        "sentence": editor.sentence if sentence is None else sentence,
        "theirs": theirs,
        "focus": focus,
        "when": WHEN.get(editor.place.kind),
        "lists": [(name, LISTS[name][0], formset) for name, formset in editor.lists.items()],
        "findings": [
            finding_line(each) for each in findings if place_of(each.path, editor.definition) == editor.place
        ],
    }
    return editor_page(request, "part", title, context, status=status)
