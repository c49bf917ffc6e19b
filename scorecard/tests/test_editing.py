"""Drafts are changed in documents, published, planned, compared and restored."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import SystemLog
from scorecard import versions
from scorecard.content.drafts import draft_document
from scorecard.content.exporting import yaml_files
from scorecard.content.files import ContentErrors
from scorecard.content.loading import load_draft
from scorecard.definition import Definition, parse
from scorecard.editing import lifecycle
from scorecard.editing.changes import ChangedMeanwhile, Seen, change_draft, definition_of
from scorecard.editing.difference import differences
from scorecard.editing.importing import read_uploads
from scorecard.editing.parts import NoSuchPart, Place, move_by, part_at, remove, revision
from scorecard.editing.search import search_questions
from scorecard.editing.wording import rule_in_words, visibility_in_words
from scorecard.models import Questionnaire, ScheduledPublication
from scorecard.problems import QuestionnaireErrors
from scorecard.publishing import publish
from scorecard.tests.examples import EVERYTHING, read_once
from scorecard.tests.factories import QuestionFactory, publishable_draft


@pytest.fixture
def author(db: None) -> User:
    return User.objects.create_user("author@example.com")


@pytest.fixture
def everything(db: None) -> Questionnaire:
    return load_draft(read_once(EVERYTHING)).questionnaire


@pytest.fixture(scope="module")
def whole() -> Definition:
    return read_once(EVERYTHING).definition()


def wording(text: str) -> Any:
    return lambda document: part_at(document, Place("question", "name")).update(text=text)


def set_translations(german: dict[str, Any]) -> Any:
    return lambda document: document.update(translations={"de": german})


def test_a_change_is_written_and_logged(everything: Questionnaire, author: User) -> None:
    assert change_draft(everything.pk, wording("What is it?"), by=author) == (
        "changed question: name (text)",
    )
    assert definition_of(everything).questions["name"].text == "What is it?"
    record = SystemLog.objects.get(event_type="questionnaire_draft_changed")
    assert (record.data["by"], record.data["questionnaire"]) == (f"staff {author.pk}", "everything")


def test_a_change_leaves_all_else_as_it_was(
    everything: Questionnaire, author: User, whole: Definition
) -> None:
    change_draft(everything.pk, wording("What is it?"), by=author)
    change_draft(everything.pk, wording(whole.questions["name"].text), by=author)
    assert definition_of(everything) == whole


def test_who_saves_second_is_told_what_the_first_one_saved(everything: Questionnaire, author: User) -> None:
    place = Place("question", "name")
    seen = Seen(place, revision(draft_document(everything), place))
    change_draft(everything.pk, wording("Mine"), by=author, seen=seen)
    with pytest.raises(ChangedMeanwhile) as meanwhile:
        change_draft(everything.pk, wording("Yours"), by=author, seen=seen)
    assert (meanwhile.value.theirs or {})["text"] == "Mine"
    change_draft(everything.pk, wording("Yours"), by=author, seen=Seen(place, meanwhile.value.revision))
    assert definition_of(everything).questions["name"].text == "Yours"


def test_two_editors_of_different_parts_do_not_meet(everything: Questionnaire, author: User) -> None:
    place = Place("question", "story")
    seen = Seen(place, revision(draft_document(everything), place))
    change_draft(everything.pk, wording("Mine"), by=author)
    change_draft(
        everything.pk, lambda document: part_at(document, place).update(text="?"), by=author, seen=seen
    )
    assert definition_of(everything).questions["name"].text == "Mine"


def test_what_rules_ask_about_cannot_be_removed(everything: Questionnaire, author: User) -> None:
    with pytest.raises(QuestionnaireErrors, match="there is no question people"):
        change_draft(everything.pk, lambda document: remove(document, Place("question", "people")), by=author)
    assert "people" in definition_of(everything).questions


def test_a_part_that_is_gone_is_told(everything: Questionnaire, author: User) -> None:
    with pytest.raises(NoSuchPart):
        change_draft(everything.pk, lambda document: remove(document, Place("rule", "9")), by=author)


def test_translations_of_what_is_removed_go_along(everything: Questionnaire, author: User) -> None:
    german = {"sections": {"about": {"questions": {"site": {"text": "Wo?"}, "name": {"text": "Name?"}}}}}
    change_draft(everything.pk, set_translations(german), by=author)
    change_draft(everything.pk, lambda document: remove(document, Place("question", "site")), by=author)
    assert Questionnaire.objects.get().translations == {
        "de": {"sections": {"about": {"questions": {"name": {"text": "Name?"}}}}}
    }


def test_a_question_moves_on_into_the_next_section(everything: Questionnaire, author: User) -> None:
    change_draft(everything.pk, lambda document: move_by(document, Place("question", "plan"), 1), by=author)
    keys = [question.key for question in definition_of(everything).sections[1].questions]
    assert keys[:2] == ["plan", "tested"]


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_rules_are_sentences(whole: Definition, number: int) -> None:
    assert (
        rule_in_words(whole, whole.rules[number])
        == [
            "If “How many people work on it?” is more than 100, hide “Who leads it?”.",
            "If “How many people work on it?” is at least 10, require an answer to “Tell us more.”.",
            "If “What is your project called?” contains “Toy”, do not require "
            "“How far do you trust it?” (priority 2).",
            "If “What worries you most?” has an answer, show “Since when?”.",
        ][number]
    )


def test_conditions_are_sentences(whole: Definition) -> None:
    assert visibility_in_words(whole, whole.sections[2].visible_if) == (
        "Shown if “Is it tested?” is “Never.” or “How good is each part?”, row “Speed”, is “Bad”."
    )


def test_equal_definitions_do_not_differ(whole: Definition) -> None:
    assert differences(whole, whole) == []


def test_a_difference_says_what_changed_from_what_to_what(whole: Definition) -> None:
    about, quality, trouble = whole.sections
    tested = quality.questions[0]
    options = (
        replace(tested.options[0], points=20),
        *tested.options[1:3],
        replace(tested.options[3], id="X"),
    )
    changed = replace(
        whole,
        name="All of it",
        sections=(
            replace(about, questions=(*about.questions[1:], about.questions[0])),
            replace(
                quality,
                questions=(replace(tested, options=options, is_required=False), *quality.questions[1:]),
            ),
            replace(trouble, visible_if=None),
        ),
        rules=whole.rules[1:],
    )
    assert [str(difference) for difference in differences(whole, changed)] == [
        "questionnaire: name changed from “Everything that can be asked” to “All of it”",
        "section about: order of questions is now story, people, lead, site, since, plan, name",
        "section quality, question tested: required changed from yes to no",
        "section quality, question tested, option U: removed “I don't know.”",
        "section quality, question tested, option A: points changed from 25 to 20",
        "section quality, question tested, option X: added “I don't know.”",
        "section trouble: condition changed from “Shown if “Is it tested?” is “Never.” or “How good is each "
        "part?”, row “Speed”, is “Bad”.” to nothing",
        "rules: removed: If “How many people work on it?” is more than 100, hide “Who leads it?”.",
    ]


def test_a_version_tells_what_changed_and_by_whom(author: User) -> None:
    draft = publishable_draft()
    version, _ = lifecycle.publish_draft(draft, "First one.", by=author)
    assert (version.note, version.published_by) == ("First one.", author)
    record = SystemLog.objects.get(event_type="questionnaire_published")
    assert record.data == {"by": f"staff {author.pk}", "questionnaire": "sample", "version": 1}


def test_restoring_makes_a_new_version_and_leaves_the_draft(author: User) -> None:
    draft = publishable_draft()
    first = publish(draft)
    Questionnaire.objects.update(name="Second")
    publish(draft)
    Questionnaire.objects.update(name="Third, half done")
    restored = lifecycle.restore(first, by=author)
    assert (restored.number, restored.definition, restored.note) == (
        3,
        first.definition,
        "Version 1 restored",
    )
    assert versions.current("sample").number == 3
    assert Questionnaire.objects.get().name == "Third, half done"


def test_the_draft_can_be_made_what_a_version_was(everything: Questionnaire, author: User) -> None:
    version = publish(everything)
    change_draft(everything.pk, wording("Else"), by=author)
    lifecycle.reset_draft(version, by=author)
    assert definition_of(everything) == parse(version.definition)


def test_a_plan_is_carried_out_once_with_what_the_draft_was_then(author: User) -> None:
    draft = publishable_draft()
    planned = lifecycle.schedule(draft, timezone.now() + timedelta(hours=1), "At nine.", by=author)
    assert lifecycle.publish_due() == 0
    Questionnaire.objects.update(name="Half done")
    ScheduledPublication.objects.update(publish_at=timezone.now() - timedelta(days=2))  # beat was down
    assert (lifecycle.publish_due(), lifecycle.publish_due()) == (1, 0)
    planned.refresh_from_db()
    assert planned.version
    assert (planned.status, planned.version.note, planned.version.published_by) == (
        "published",
        "At nine.",
        author,
    )
    assert planned.version.definition["name"] != "Half done"


def test_a_later_plan_takes_the_place_of_an_earlier_one(author: User) -> None:
    draft = publishable_draft()
    for hours in (1, 2):
        lifecycle.schedule(draft, timezone.now() + timedelta(hours=hours), "", by=author)
    assert sorted(ScheduledPublication.objects.values_list("status", flat=True)) == ["cancelled", "waiting"]
    assert lifecycle.cancel_schedule(draft, by=author)
    assert not ScheduledPublication.objects.waiting().exists()


def test_what_cannot_be_published_cannot_be_planned(author: User) -> None:
    draft = publishable_draft()
    Questionnaire.objects.update(name="")
    with pytest.raises(QuestionnaireErrors, match="name: is blank"):
        lifecycle.schedule(draft, timezone.now(), "", by=author)


def test_nobody_starts_what_is_retired(author: User, django_capture_on_commit_callbacks: Any) -> None:
    draft = publishable_draft()
    publish(draft)
    for active, keys in ((False, ()), (True, ("sample",))):
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.set_active(draft, active=active, by=author)
        assert versions.live_keys() == keys


def test_an_export_comes_back_as_the_same_definition(everything: Questionnaire, author: User) -> None:
    version = publish(everything)
    uploads = [
        SimpleUploadedFile(name, text.encode())
        for name, text in yaml_files(parse(version.definition)).items()
    ]
    draft, changes = lifecycle.load_import(read_uploads(uploads), by=author)
    assert (changes, definition_of(draft)) == ((), parse(version.definition))


def test_an_upload_is_told_its_errors_by_file_and_line() -> None:
    text = EVERYTHING.read_text().replace("type: TEXTAREA", "type: ESSAY", 1).encode()
    with pytest.raises(ContentErrors) as errors:
        read_uploads([SimpleUploadedFile("everything.yaml", text)])
    assert errors.value.lines[0].startswith(
        "everything.yaml:17: section about, question story, type: must be one"
    )


@pytest.mark.parametrize("escape", ["\\0", "\\uD800"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("unit: people", 'unit: "%s"'),
        ("unit: people", 'unit: people, "%s": 1'),
        ("labels: {1: not at all", 'labels: {"%s": x, 1: not at all'),
        ("value: Toy", 'value: [{a: "%s"}]'),
        ("placeholder: Phoenix", 'default: "%s"'),
        ("placeholder: Phoenix", 'suggested: {value: "%s"}'),
        ("maxLength: 60", 'pattern: "%s"'),
        ("id: A, label", 'id: A, value: "%s", label'),
        ("industry: testing", 'hubspot: {areas: {"%s": abc}}'),
    ],
)
def test_a_character_that_cannot_be_stored_is_told_wherever_it_stands(
    old: str, new: str, escape: str
) -> None:
    text = EVERYTHING.read_text().replace(old, new % escape, 1)
    with pytest.raises(ContentErrors, match="a character that cannot be stored"):
        read_uploads([SimpleUploadedFile("everything.yaml", text.encode())])


def test_nor_may_it_stand_in_a_key_of_a_translation() -> None:
    files = {"everything.yaml": EVERYTHING.read_bytes(), "everything.de.yaml": rb'sections: {"\0": {}}'}
    with pytest.raises(ContentErrors, match="a character that cannot be stored"):
        read_uploads([SimpleUploadedFile(name, content) for name, content in files.items()])


@pytest.mark.parametrize("name", ["../form.yaml", "form.txt", "", "form.yaml\x00"])
def test_an_upload_with_a_strange_name_is_refused(name: str) -> None:
    upload = SimpleUploadedFile("form.yaml", b"")
    upload._name = name  # type: ignore[attr-defined]  # as a client may send it
    with pytest.raises(ContentErrors):
        read_uploads([upload])


def test_questions_are_found_by_the_forms_of_their_words(everything: Questionnaire) -> None:
    assert [question.key for question in search_questions("trusting")] == ["trust"]
    assert list(search_questions("unicorn")) == []


def test_the_search_uses_its_index(everything: Questionnaire) -> None:
    section = everything.sections.all()[0]
    QuestionFactory.create_batch(300, questionnaire=everything, section=section, text="Anything else?")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE questions")
        cursor.execute("SET LOCAL enable_seqscan = off")  # three hundred are read faster one by one
    assert "idx_questions_text_search" in search_questions("trust").explain()


def test_only_what_is_live_is_found_from_outside(
    everything: Questionnaire, author: User, client: Client
) -> None:
    assert client.get("/api/questionnaires/search?q=trust").json() == []
    publish(everything)
    change_draft(everything.pk, wording("What is the unicorn called?"), by=author)
    versions.clear_caches()
    found = client.get("/api/questionnaires/search?q=trusting").json()
    assert [(each["questionnaire"], each["key"]) for each in found] == [("everything", "trust")]
    assert (
        client.get("/api/questionnaires/search?q=unicorn").json()[0]["text"] == "What is your project called?"
    )
    assert client.get("/api/questionnaires/search?q=%00").json() == []
