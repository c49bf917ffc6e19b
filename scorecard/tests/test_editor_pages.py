"""The editor in the admin: who may, what is saved, what is told."""

from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.tests.people import logged_in, member
from scorecard.adaptive.browser import condition_data
from scorecard.admin.drafts import PAGES
from scorecard.admin.forms.conditions import condition_from, lines_of
from scorecard.conditions import Condition, holds, question_keys
from scorecard.content.loading import load_draft
from scorecard.content.questions import ConditionContent
from scorecard.editing.changes import definition_of
from scorecard.models import Questionnaire, ScheduledPublication
from scorecard.publishing import publish
from scorecard.tests.examples import EVERYTHING, read_once
from scorecard.tests.factories import publishable_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return logged_in(member("Content editor"))


@pytest.fixture
def everything() -> Questionnaire:
    return load_draft(read_once(EVERYTHING)).questionnaire


def url(name: str, draft: Questionnaire | None = None, *rest: str) -> str:
    return reverse(f"admin:scorecard_questionnaire_{name}", args=[draft.pk, *rest] if draft else rest)


def shown(client: Client, path: str) -> dict[str, Any]:
    """What a browser would send back from the form of a part."""
    page = client.get(path).context
    editor = page["editor"]
    sent: dict[str, Any] = {"seen": page["seen"]}
    forms = [editor.form, *(form for each in editor.lists.values() for form in each.forms)]
    sets = [*editor.lists.values()]
    if editor.lines is not None:
        forms += [editor.join, *editor.lines.forms]
        sets.append(editor.lines)
    forms += [each.management_form for each in sets]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False and value != "":
                sent[field.html_name] = "on" if value is True else value
    for name, value in sent.items():
        if isinstance(value, tuple):
            sent[name] = list(value)
    return sent


def save(client: Client, draft: Questionnaire, kind: str, key: str, **changes: Any) -> Any:
    path = url("edit", draft, kind, key)
    return client.post(path, shown(client, path) | changes)


def every_page(draft: Questionnaire) -> list[str]:
    rest = {"edit": ("question", "name"), "confirm": ("question", "name"), "translation": ("de",)}
    return [
        url(name, draft if route.startswith("<") else None, *rest.get(name, ())) for route, _, name in PAGES
    ]


@pytest.mark.parametrize("role", ["Sales", "Sales lead", "Privacy", "Operator", None])
def test_other_roles_open_no_page_of_the_editor(everything: Questionnaire, role: str | None) -> None:
    client = logged_in(member(role)) if role else Client()
    search = url("search")
    for path in every_page(everything):
        answers = {client.get(path).status_code, client.post(path).status_code}
        allowed = {200} if role == "Operator" and path == search else set()
        assert answers <= {302, 403, 405} | allowed, path
        assert role is None or 302 not in answers, path
    assert definition_of(everything) == read_once(EVERYTHING).definition()


def test_content_editors_open_each_page(editor: Client, everything: Questionnaire) -> None:
    publish(everything)
    for path in every_page(everything):
        assert editor.get(path).status_code in {200, 405}, path
    overview = editor.get(url("change", everything)).content.decode()
    for words in (
        "Totals lie from 0 to 100",
        "Who leads it?",
        "If “How many people",
        "Preview",
        "Publish now",
    ):
        assert words in overview


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        *(
            ("question", key)
            for key in ("name", "people", "plan", "since", "tested", "kinds", "trust", "parts", "worry")
        ),
        *(("section", key) for key in ("about", "quality", "trouble")),
        *(("rule", number) for number in "1234"),
        ("option", "tested-C"),
        *(("band", "good"), ("band", "poor"), ("texts", "-")),
    ],
)
def test_saving_a_form_as_it_is_changes_nothing(
    editor: Client, everything: Questionnaire, kind: str, key: str
) -> None:
    before = definition_of(everything)
    response = save(editor, everything, kind, key)
    assert response.status_code == 302, response.content.decode()
    assert definition_of(everything) == before


def test_a_questionnaire_is_built_from_nothing_published_and_restored(editor: Client) -> None:
    editor.post(url("new"), {"name": "Small check", "key": "small", "language": "en", "has_score": "on"})
    draft = Questionnaire.objects.get(key="small")
    editor.post(url("add_section", draft), {"name": "First page"})
    editor.post(
        f"{url('add_question', draft)}?section=first_page", {"text": "Is it safe?", "type": "SINGLE_CHOICE"}
    )
    editor.post(f"{url('add_question', draft)}?section=first_page", {"text": "Why not?", "type": "TEXTAREA"})
    save(
        editor,
        draft,
        "question",
        "is_it_safe",
        **{"required": "on", "options-0-label": "Yes", "options-0-points": "10", "options-1-label": "No"},
        **{"options-1-points": "0", "options-1-advice": "Lock the door."},
    )
    advice = {
        f"recommendations__{level}__{name}": f"{name} of {level}"
        for level in ("high", "medium", "low")
        for name in ("title", "description", "action_items")
    }
    save(editor, draft, "section", "first_page", weight="1", description="About it.", **advice)
    save(editor, draft, "texts", "-", description="Two questions.", estimated_time="1")
    save(editor, draft, "band", "all", message="So.", next_steps="Go on.")
    response: Any = editor.post(
        url("edit", draft, "rule", "new"),
        {
            "action": "SHOW",
            "targets": ["why_not"],
            "join": "AND",
            "lines-TOTAL_FORMS": "1",
            "lines-INITIAL_FORMS": "0",
            "lines-0-field": "is_it_safe",
            "lines-0-operator": "eq",
            "lines-0-value": "no",
        },
    )
    assert response.status_code == 302, response.content.decode()
    overview = editor.get(url("change", draft))
    assert "If “Is it safe?” is “No”, show “Why not?”." in overview.content.decode()
    editor.post(url("publish", draft), {"note": "First."})
    version = draft.versions.get()
    assert (version.note, str(version.published_by)) == ("First.", "content editor@example.com")
    save(editor, draft, "texts", "-", name="Another name")
    difference = editor.get(url("difference", draft)).content.decode()
    assert "name changed from “Small check” to “Another name”" in difference
    editor.post(url("publish", draft), {"note": ""})
    editor.post(url("restore", draft), {"version": "1"})
    assert [each.definition["name"] for each in draft.versions.order_by("number")] == [
        "Small check",
        "Another name",
        "Small check",
    ]


def test_a_version_restored_of_a_retired_questionnaire_is_not_called_live(editor: Client) -> None:
    draft = publishable_draft()
    editor.post(url("publish", draft), {"note": "First."})
    Questionnaire.objects.update(is_active=False)
    page = editor.post(url("restore", draft), {"version": "1"}, follow=True).content.decode()
    assert "Version 1 is the newest again, as version 1. The questionnaire stays retired." in page


def test_errors_block_publishing_and_are_listed(editor: Client) -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(name="")
    response = editor.post(url("publish", draft), {"note": "It took a while to write this."})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Not published: 1 error to put right first" in page
    assert "It took a while to write this." in page
    assert not draft.versions.exists()


def test_the_second_of_two_editors_loses_nothing(editor: Client, everything: Questionnaire) -> None:
    path = url("edit", everything, "question", "name")
    mine, theirs = shown(editor, path), shown(editor, path)
    editor.post(path, theirs | {"text": "Their words"})
    response = editor.post(path, mine | {"text": "My words"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "saved by the other one: Their words" in page
    assert "My words</textarea>" in page
    editor.post(path, mine | {"text": "My words", "seen": response.context["seen"]})
    assert definition_of(everything).questions["name"].text == "My words"


def test_what_was_removed_meanwhile_is_told(editor: Client, everything: Questionnaire) -> None:
    path = url("edit", everything, "question", "site")
    mine = shown(editor, path)
    editor.post(url("remove", everything), {"kind": "question", "key": "site"})
    response = editor.post(path, mine, follow=True)
    assert "Somebody else removed this part meanwhile" in response.content.decode()


def test_it_is_asked_before_a_part_is_removed(editor: Client, everything: Questionnaire) -> None:
    page = editor.get(url("confirm", everything, "section", "about")).content.decode()
    assert "Its 7 questions go with it" in page
    assert "If “How many people work on it?” is more than 100, hide “Who leads it?”." in page
    editor.post(url("translation", everything, "de"), {"name": "Alles", "seen": seen(editor, everything)})
    for kind, key in (("question", "site"), ("band", "good"), ("rule", "2"), ("translation", "de")):
        form = editor.get(url("confirm", everything, kind, key))
        assert form.status_code == 200
        assert (
            f'name="kind" value="{kind}"><input type="hidden" name="key" value="{key}"'
            in form.content.decode()
        )
    assert "site" in definition_of(everything).questions, "nothing is removed by asking"
    for kind, key in (("question", "nothing"), ("texts", "x"), ("translation", "fr"), ("rule", "99")):
        assert editor.get(url("confirm", everything, kind, key)).status_code == 302


def test_up_and_down_move_a_line_without_saving(editor: Client, everything: Questionnaire) -> None:
    path = url("edit", everything, "question", "tested")
    sent = shown(editor, path) | {"text": "Half typed", "down": "options-0"}
    page = editor.post(path, sent)
    ids = [form["id"].value() for form in page.context["editor"].lists["options"].forms]
    assert ids[:3] == ["B", "A", "C"]
    assert "Half typed" in page.content.decode()
    assert [option.id for option in definition_of(everything).questions["tested"].options] == list("ABCU")


def test_the_place_that_was_typed_orders_the_options(editor: Client, everything: Questionnaire) -> None:
    save(editor, everything, "question", "tested", **{"options-2-ORDER": "0", "options-3-DELETE": "on"})
    options = definition_of(everything).questions["tested"].options
    assert [option.id for option in options] == ["C", "A", "B"]
    assert options[0].skip_if, "what the form does not show stays"


def test_questions_and_pages_are_moved(editor: Client, everything: Questionnaire) -> None:
    editor.post(url("move", everything), {"kind": "question", "key": "story", "steps": "-1"})
    editor.post(url("move", everything), {"kind": "section", "key": "trouble", "to": "0"})
    editor.post(url("move", everything), {"kind": "question", "key": "when", "to": "1", "section": "about"})
    sections = definition_of(everything).sections
    assert [section.key for section in sections] == ["trouble", "about", "quality"]
    assert [question.key for question in sections[1].questions][:3] == ["story", "when", "name"]


def test_a_wrong_value_is_told_and_kept(editor: Client, everything: Questionnaire) -> None:
    response = save(editor, everything, "band", "good", color="green", name="Splendid")
    page = response.content.decode()
    assert response.status_code == 422
    assert "band good, color: must be a colour such as #0a7d4f" in page
    assert 'value="Splendid"' in page


def test_a_rule_is_said_in_a_sentence_before_it_is_saved(editor: Client, everything: Questionnaire) -> None:
    path = url("edit", everything, "rule", "1")
    page = editor.post(path, shown(editor, path) | {"action": "SHOW", "lines-0-value": "5", "say": "1"})
    assert "If “How many people work on it?” is more than 5, show “Who leads it?”." in page.content.decode()
    assert definition_of(everything).rules[0].action == "HIDE"


def test_kinds_of_files_and_suggested_answers_are_edited(editor: Client, everything: Questionnaire) -> None:
    limits = {"acceptedTypes": "pdf\nimage/*", "maxSize": "5", "maxFiles": "1"}
    save(editor, everything, "question", "plan", **{f"validation__{name}": limits[name] for name in limits})
    save(
        editor,
        everything,
        "question",
        "people",
        default="12",
        suggested__value="20",
        suggested__reason="Usual.",
    )
    save(editor, everything, "question", "kinds", default="unit, load", shuffle="on")
    questions = definition_of(everything).questions
    assert questions["plan"].validation == {"acceptedTypes": ["pdf", "image/*"], "maxSize": 5, "maxFiles": 1}
    suggested = questions["people"].suggested
    assert suggested
    assert (questions["people"].default, suggested.value, suggested.reason) == (12, 20, "Usual.")
    assert (questions["kinds"].default, questions["kinds"].shuffle) == (["unit", "load"], True)


def test_it_is_said_whose_answers_qualify(editor: Client, everything: Questionnaire) -> None:
    line = {"lines-0-field": "people", "lines-0-operator": "gte", "lines-0-value": "50"}
    save(
        editor, everything, "texts", "-", qualification__total_under="70", qualification__details="no", **line
    )
    everything.refresh_from_db()
    rule = definition_of(everything).qualification
    assert rule
    assert (rule.total_under, rule.details, rule.when and rule.when.value) == (70, False, 50)
    page = editor.get(url("edit", everything, "texts", "-")).content.decode()
    assert "Qualified if “How many people work on it?” is at least 50." in page


def test_advice_is_left_out_for_some(editor: Client, everything: Questionnaire) -> None:
    path = url("edit", everything, "option", "tested-C")
    assert "Left out if “How many people work on it?” is less than 2." in editor.get(path).content.decode()
    save(editor, everything, "option", "tested-C", **{"lines-0-value": "5"})
    option = definition_of(everything).questions["tested"].option("C")
    assert option
    assert option.label == "Never."
    assert option.skip_if
    assert option.skip_if.value == 5
    assert editor.get(url("edit", everything, "option", "tested-Z"), follow=True).status_code == 200


def test_forms_of_authors_may_be_longer_than_public_ones(editor: Client, everything: Questionnaire) -> None:
    def post(client: Client, path: str, fields: int) -> int:
        body = urlencode({f"text{number}": "" for number in range(fields)})
        return client.post(path, body, content_type="application/x-www-form-urlencoded").status_code

    path = url("translation", everything, "de")
    assert post(editor, path, 1000) == 302
    assert post(editor, path, 1001) == 400
    assert post(Client(), "/start/", 301) == 400


def test_an_import_tells_each_line_and_asks_before_it_replaces(
    editor: Client, everything: Questionnaire
) -> None:
    def upload(text: str, **fields: str) -> Any:
        file = SimpleUploadedFile("form.yaml", text.encode())
        return editor.post(url("import"), {"uploads": [file], **fields})

    own = EVERYTHING.read_text()
    wrong = upload(own.replace("type: URL", "type: LINK"))
    assert wrong.status_code == 422
    assert "form.yaml:20: section about, question site, type: must be one of" in wrong.content.decode()
    assert "Tick the box" in upload(own).content.decode()
    upload(own.replace("Everything that can be asked", "All of it"), replaces="on")
    assert Questionnaire.objects.get().name == "All of it"
    upload(own.replace("key: everything", "key: another"))
    assert Questionnaire.objects.filter(key="another").exists()


def test_an_export_holds_translations_beside(editor: Client, everything: Questionnaire) -> None:
    one = editor.get(url("export", everything))
    assert one["Content-Disposition"] == 'attachment; filename="everything.yaml"'
    editor.post(url("translation", everything, "de"), {"name": "Alles", "seen": seen(editor, everything)})
    packed = editor.get(url("export", everything))
    assert ZipFile(BytesIO(packed.content)).namelist() == ["everything.yaml", "everything.de.yaml"]
    assert editor.get(url("export", everything) + "?version=7").status_code == 404


def seen(editor: Client, draft: Questionnaire) -> str:
    return str(editor.get(url("translation", draft, "de")).context["seen"])


def test_a_translation_marks_its_gaps_and_keeps_what_two_typed(
    editor: Client, everything: Questionnaire
) -> None:
    path = url("translation", everything, "de")
    before = seen(editor, everything)
    editor.post(f"{path}?part=about", {"name": "Alles", "sections/about/name": "Über Sie", "seen": before})
    page = editor.get(path)
    texts = {line.name: line.text for line in page.context["lines"]}
    assert (texts["name"], texts["description"]) == ("Alles", "")
    assert "missing" in page.content.decode()
    late = editor.post(path, {"name": "Vieles", "seen": before})
    assert late.status_code == 409
    assert "The other one saved: Alles" in late.content.decode()
    assert "Vieles</textarea>" in late.content.decode()


def test_a_publication_is_planned_and_cancelled(editor: Client) -> None:
    draft = publishable_draft()
    assert editor.post(url("schedule", draft), {"publish_at": "2020-01-01T00:00"}).status_code == 422
    editor.post(url("schedule", draft), {"publish_at": "2190-01-01T09:00", "note": "New year."})
    page = editor.get(url("change", draft))
    assert "Planned for 1 January 2190, 09:00 UTC" in page.content.decode()
    assert [who for _, who in page.context["records"]] == ["content editor@example.com"]
    editor.post(url("cancel", draft))
    assert not ScheduledPublication.objects.waiting().exists()


def test_the_default_questionnaire_is_not_retired(editor: Client) -> None:
    draft = Questionnaire.objects.filter(key="ai_reality_check").first() or publishable_draft(
        "ai_reality_check"
    )
    response = editor.post(url("retire", draft), follow=True)
    assert "This is the questionnaire at /." in response.content.decode()
    assert Questionnaire.objects.get(pk=draft.pk).is_active


def test_an_archived_questionnaire_leaves_the_list(editor: Client) -> None:
    draft = publishable_draft()
    editor.post(url("archive", draft))
    path = url("changelist")
    assert draft.name not in editor.get(path).content.decode()
    assert draft.name in editor.get(f"{path}?state=archived").content.decode()


def test_questions_are_searched(editor: Client, everything: Questionnaire) -> None:
    page = editor.get(url("search") + "?q=trusted").content.decode()
    assert "How far do you trust it?" in page


A, B, C, D = ({"field": key, "operator": "eq", "value": "x"} for key in "abcd")


@pytest.mark.parametrize(
    "lines",
    [
        [(A, 1)],
        [(A, 1), (B, 1), (C, 1)],
        [(A, 1), (B, 1), (C, 2)],
        [(A, 1), (B, 2), (C, 1)],
        [(A, 1), (B, 2), (C, 1), (D, 2)],
        [(A, 1), (B, 2), (C, 3), (D, 4)],
        [(A, 1), (None, 1), (B, 2), (C, 3), (D, 2), (A, 3)],
        [(A, 4), (B, 9)],
        [(A, 1), (None, 1)],
    ],
)
@pytest.mark.parametrize("join", ["AND", "OR"])
def test_lines_make_a_condition_that_makes_the_lines_again(join: str, lines: list[tuple[Any, int]]) -> None:
    """As far as the order goes, which does not matter."""
    condition = condition_from(join, lines)
    again, found = lines_of(condition)
    assert sorted(line["field"] for line in found) == sorted(
        line["field"] if line else "" for line, _ in lines if line or len(lines) > 2
    )
    assert condition_from(again, as_typed(found)) == condition


def as_typed(lines: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    return [
        (
            {name: value for name, value in each.items() if name != "level"} if each["field"] else None,
            each["level"],
        )
        for each in lines
    ]


def conditions(depth: int) -> st.SearchStrategy[Condition]:
    within = st.lists(conditions(depth - 1), max_size=3) if depth else st.just([])
    return st.builds(
        Condition,
        st.sampled_from("abcd"),
        st.sampled_from(["eq", "ne"]),
        st.sampled_from("xy"),
        st.sampled_from(["AND", "OR"]),
        within.map(tuple),
    )


@given(condition=conditions(4), answers=st.dictionaries(st.sampled_from("abcd"), st.sampled_from("xy")))
def test_a_condition_of_any_depth_means_the_same_after_the_form(
    condition: Condition, answers: dict[str, str]
) -> None:
    written = condition_data(condition)
    join, lines = lines_of(written)
    again = ConditionContent.model_validate(condition_from(join, as_typed(lines))).definition()
    assert holds(again, answers) == holds(condition, answers)


def test_groups_within_groups_are_built_in_the_form(editor: Client, everything: Questionnaire) -> None:
    levels = [
        ("1", "people", "gt", "5"),
        ("2", "tested", "eq", "A"),
        ("3", "trust", "lt", "4"),
        ("4", "site", "is_empty", ""),
    ]
    lines = {
        f"lines-{number}-{name}": value
        for number, line in enumerate(levels)
        for name, value in zip(("level", "field", "operator", "value"), line, strict=True)
    }
    total = {"lines-TOTAL_FORMS": "5", "lines-INITIAL_FORMS": "0", "join": "AND"}
    path = url("edit", everything, "rule", "new")
    page = editor.post(path, {"action": "HIDE", "targets": ["name"], "say": "1"} | total | lines)
    assert (
        "If “How many people work on it?” is more than 5 or (“Is it tested?” is “Always.” and (“How far do"
        " you trust it?” is less than 4 or “Where can we read about it?” has no answer)), hide “What is your"
        " project called?”." in unescape(page.content.decode())
    )
    editor.post(path, {"action": "HIDE", "targets": ["name"]} | total | lines)
    before = definition_of(everything)
    number = str(len(before.rules))
    assert len(list(question_keys(before.rules[-1].when))) == 4
    assert save(editor, everything, "rule", number).status_code == 302
    assert definition_of(everything) == before
