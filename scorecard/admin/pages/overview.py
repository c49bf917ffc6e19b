"""The page of one questionnaire: its content, findings, versions, and what happened to it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import SystemLog
from scorecard.admin.forms.questions import TYPE_NAMES
from scorecard.admin.forms.start import PublishForm, ScheduleForm
from scorecard.admin.pages.access import CHANGE, edit_url, editor_page
from scorecard.admin.spoken import spoken
from scorecard.checking import Checked, Finding, check
from scorecard.conditions import Condition
from scorecard.content.documents import check_document
from scorecard.content.drafts import draft_document
from scorecard.definition import Definition, Question
from scorecard.editing.changes import records_of
from scorecard.editing.parts import Place, hash_of
from scorecard.editing.wording import rule_in_words, visibility_in_words
from scorecard.models import Questionnaire
from scorecard.problems import Path, QuestionnaireErrors
from scorecard.publishing import untranslated_texts
from web.backoffice import declarations

MOST_RECORDS = 30
NAME_OF_TYPE: dict[str, Any] = dict(TYPE_NAMES)


def overview(
    request: HttpRequest,
    draft: Questionnaire,
    *,
    publish_form: PublishForm | None = None,
    schedule_form: ScheduleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a draft, to look at or to edit."""
    document = draft_document(draft)
    context: dict[str, Any] = {
        "draft": draft,
        "seen": hash_of(document),
        "may_edit": request.user.has_perm(CHANGE),
        "versions": draft.versions.defer("definition").select_related("published_by"),
        "planned": draft.publications.waiting().defer("definition").select_related("created_by").first(),
        "publish_form": publish_form or PublishForm(),
        "schedule_form": schedule_form or ScheduleForm(auto_id="id_schedule_%s"),
        "records": list(records(draft)),
        "panels": panels(request, draft),
    }
    try:
        context |= content_context(draft, check_document(document).definition())
    except QuestionnaireErrors as errors:
        context["problems"] = [spoken(problem.words) for problem in errors.problems]
    return editor_page(request, "overview", draft.name, context, status=status)


def content_context(draft: Questionnaire, definition: Definition) -> dict[str, Any]:
    checked = check(definition)
    return {
        "definition": definition,
        "findings": findings(draft, definition, checked),
        "errors": len(checked.errors),
        "totals": checked.totals,
        "pages": [
            {
                "section": section,
                "when": shown_when(definition, section.visible_if),
                "url": edit_url(draft, Place("section", section.key)),
                "questions": [question_line(draft, definition, each) for each in section.questions],
            }
            for section in definition.sections
        ],
        "areas": [(area, edit_url(draft, Place("area", area.key))) for area in definition.shared_areas],
        "bands": [(band, edit_url(draft, Place("band", band.key))) for band in definition.bands],
        "rules": [
            (number, spoken(rule_in_words(definition, rule)), edit_url(draft, Place("rule", str(number))))
            for number, rule in enumerate(definition.rules, 1)
        ],
        "languages": [
            (code, get_language_info(code)["name_translated"], list(map(spoken, gaps)))
            for code, gaps in untranslated_texts(draft).items()
        ],
        "texts_url": edit_url(draft, Place("texts")),
    }


def shown_when(definition: Definition, condition: Condition | None) -> str:
    return spoken(visibility_in_words(definition, condition)) if condition else ""


def question_line(draft: Questionnaire, definition: Definition, question: Question) -> dict[str, Any]:
    return {
        "question": question,
        "when": shown_when(definition, question.visible_if),
        "url": edit_url(draft, Place("question", question.key)),
        "type": NAME_OF_TYPE.get(question.type, question.type),
    }


def findings(draft: Questionnaire, definition: Definition, checked: Checked) -> list[dict[str, str]]:
    """Each finding with the address of the form where it is put right."""
    return [
        finding_line(each) | {"url": edit_url(draft, place_of(each.path, definition))}
        for each in checked.findings
    ]


def finding_line(finding: Finding) -> dict[str, str]:
    """A finding in the language of the reader."""
    place, text = spoken(finding.problem.place), spoken(finding.problem.text)
    return {"severity": finding.severity, "place": place, "text": text}


def place_of(path: Path, definition: Definition) -> Place:
    """The part in which a path lies."""
    match path:
        case ("sections", int(at), "questions", int(number), *_):
            return Place("question", definition.sections[at].questions[number].key)
        case ("sections", int(at), *_):
            return Place("section", definition.sections[at].key)
        case ("areas", int(at), *_):
            return Place("area", definition.shared_areas[at].key)
        case ("bands", int(at), *_):
            return Place("band", definition.bands[at].key)
        case ("rules", int(at), *_):
            return Place("rule", str(at + 1))
        case ("translations", code, *_):
            return Place("translation", str(code))
    return Place("texts")


def records(draft: Questionnaire) -> Iterator[tuple[SystemLog, str]]:
    """What happened to the questionnaire, the latest first, and who did it."""
    found = records_of(draft.key)[:MOST_RECORDS]
    people = {str(user.pk): user for user in User.objects.filter(pk__in=filter(None, map(staff_key, found)))}
    for log in found:
        key = staff_key(log)
        user = people.get(key)
        yield log, user.get_full_name() if user else _("somebody who has left") if key else _("the schedule")


def staff_key(log: SystemLog) -> str:
    """The key of the user who did it; "" for the schedule."""
    before, _, key = str(log.data.get("by", "")).partition("staff ")
    return "" if before else key


def panels(request: HttpRequest, draft: Questionnaire) -> list[dict[str, Any]]:
    """The parts of the page that other apps declare."""
    return [
        {"template": panel.template, "panel": import_string(panel.context)(request, draft)}
        for panel in declarations("draft_panels")
        if request.user.has_perm(panel.permission)
    ]
