from pathlib import Path

import pytest

from scorecard.content.files import read_questionnaire
from scorecard.content.loading import Loaded, load_draft
from scorecard.models import Question, Questionnaire, QuestionnaireVersion, ScoreBand, Section
from scorecard.publishing import publish
from scorecard.tests.examples import SAMPLE, read_once
from scorecard.tests.factories import VisibilityRuleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(tmp_path: Path) -> "Edited":
    return Edited(tmp_path / "form.yaml", SAMPLE.read_text())


class Edited:
    """Loads the sample with `old` replaced by `new`, once; edits add up."""

    def __init__(self, file: Path, text: str) -> None:
        self.file, self.text = file, text

    def __call__(self, old: str, new: str) -> Loaded:
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        self.file.write_text(self.text)
        return load_draft(read_questionnaire(self.file))


def test_a_new_file_adds_everything() -> None:
    loaded = load_draft(read_once(SAMPLE))
    assert loaded.changes == (
        "added questionnaire: sample",
        "added sections: value, care",
        "added questions: value_1, value_2, care_1",
        "added recommendations: value high, value medium, value low, care high, care medium, care low",
        "added bands: good, poor",
    )


def test_the_published_draft_is_the_file() -> None:
    content = read_once(SAMPLE)
    version = publish(load_draft(content).questionnaire)
    assert version.number == 1
    assert publish(load_draft(content).questionnaire) == version


def test_loading_again_changes_nothing() -> None:
    load_draft(read_once(SAMPLE))
    before = list(Question.objects.order_by("key").values())
    assert load_draft(read_once(SAMPLE)).changes == ()
    assert list(Question.objects.order_by("key").values()) == before


def test_a_changed_text_keeps_the_question(edited: Edited) -> None:
    load_draft(read_once(SAMPLE))
    before = Question.objects.get(key="value_1")
    assert edited("How do you track it?", "Who tracks it?").changes == ("changed question: value_1 (text)",)
    after = Question.objects.get(key="value_1")
    assert (after.pk, after.text) == (before.pk, "Who tracks it?")


def test_what_the_file_no_longer_holds_is_removed(edited: Edited) -> None:
    load_draft(read_once(SAMPLE))
    value_2 = SAMPLE.read_text()[SAMPLE.read_text().index("      - key: value_2") :]
    value_2 = value_2[: value_2.index("    recommendations")]
    assert edited(value_2, "").changes == ("removed question: value_2",)
    assert not Question.objects.filter(key="value_2").exists()


def test_a_removed_section_takes_its_rows_along(edited: Edited) -> None:
    load_draft(read_once(SAMPLE))
    text = SAMPLE.read_text()
    changes = edited(text[text.index("  - key: care") : text.index("bands:")], "").changes
    assert changes == (
        "removed section: care",
        "removed question: care_1",
        "removed recommendations: care high, care low, care medium",
    )


def test_a_question_that_moves_keeps_its_id_even_when_its_section_goes(edited: Edited) -> None:
    load_draft(read_once(SAMPLE))
    before = Question.objects.get(key="care_1").pk
    edited("key: care\n", "key: trust\n")
    after = Question.objects.get(key="care_1")
    assert (after.pk, after.section.key) == (before, "trust")
    assert not Section.objects.filter(key="care").exists()


def test_what_a_file_cannot_speak_of_stays() -> None:
    load_draft(read_once(SAMPLE))
    Section.objects.update(metadata={"reviewed_by": "legal"})
    VisibilityRuleFactory.create(question=Question.objects.get(key="value_1"), is_active=False)
    load_draft(read_once(SAMPLE))
    assert Section.objects.filter(metadata={"reviewed_by": "legal"}).count() == 2
    assert Question.objects.get(key="value_1").visibility_rules.count() == 1


def test_an_edit_in_the_database_gives_way_to_the_file() -> None:
    load_draft(read_once(SAMPLE))
    ScoreBand.objects.filter(key="poor").update(message="Oh dear.", next_steps=[])
    assert load_draft(read_once(SAMPLE)).changes == ("changed band: poor (message, next_steps)",)


def test_other_questionnaires_are_left_alone(edited: Edited) -> None:
    load_draft(read_once(SAMPLE))
    edited("key: sample", "key: another")
    assert Questionnaire.objects.count() == 2
    assert Question.objects.filter(key="value_1").count() == 2


def test_loading_does_not_touch_what_is_published(edited: Edited) -> None:
    version = publish(load_draft(read_once(SAMPLE)).questionnaire)
    edited("name: How real is it?", "name: Renamed")
    assert QuestionnaireVersion.objects.get() == version


@pytest.mark.django_db(transaction=True)
def test_loading_opens_its_own_transaction() -> None:
    assert load_draft(read_once(SAMPLE)).changes
