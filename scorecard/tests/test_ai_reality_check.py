"""The questionnaire that ships: its facts, held against the file."""

from decimal import Decimal
from pathlib import Path

import pytest

import scorecard
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.definition import Definition, Question, Section, parse
from scorecard.publishing import publish
from scorecard.recommendations import recommend
from scorecard.scoring import score
from scorecard.translation import translated

FILE = Path(scorecard.__file__).parent / "content" / "ai_reality_check.yaml"


@pytest.fixture(scope="module")
def shipped() -> Definition:
    return read_questionnaire(FILE, publishable=True).definition()


def test_it_has_four_weighted_areas(shipped: Definition) -> None:
    assert {section.key: section.weight for section in shipped.sections if section.weight} == {
        "value_assurance": Decimal("0.25"),
        "customer_safe": Decimal("0.35"),
        "risk_compliance": Decimal("0.25"),
        "governance": Decimal("0.15"),
    }


def test_it_has_four_questions_for_each_area(shipped: Definition) -> None:
    assert [question.key for question in scored_questions(shipped)] == [
        f"{section.key}_{number}" for section in shipped.sections[:4] for number in (1, 2, 3, 4)
    ]


def test_five_qualifying_questions_follow_without_a_score(shipped: Definition) -> None:
    section = shipped.sections[4]
    assert (section.key, section.weight, len(section.questions)) == ("about_you", Decimal(0), 5)
    assert not any(question.is_required for question in section.questions)
    best, worst = (dict.fromkeys(shipped.questions, "C") | dict.fromkeys(keys(section), one) for one in "AE")
    assert score(shipped, best) == score(shipped, worst)


def test_who_does_not_know_loses_no_point(shipped: Definition) -> None:
    knows = dict.fromkeys(keys(*shipped.sections[:4]), "A")
    assert score(shipped, {**knows, "governance_1": "U"}).total == 100


def test_each_question_says_whether_the_board_or_its_engineers_can_answer(shipped: Definition) -> None:
    marked = {question.audience for question in scored_questions(shipped)}
    assert marked == {"For the board", "For your engineers"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_each_option_has_advice_of_its_own(shipped: Definition, language: str) -> None:
    spoken = in_language(shipped, language)
    given = [option.advice for question in scored_questions(spoken) for option in question.options]
    assert all(given)
    assert len(set(given)) == len(given) == 16 * 6


def keys(*sections: Section) -> list[str]:
    return [question.key for section in sections for question in section.questions]


def scored_questions(definition: Definition) -> list[Question]:
    return [question for section in definition.sections[:4] for question in section.questions]


def in_language(definition: Definition, language: str) -> Definition:
    tree = next((each.texts for each in definition.translations if each.language == language), None)
    return translated(definition, tree, language) if tree else definition


def test_every_question_is_required_with_the_same_five_points(shipped: Definition) -> None:
    for question in scored_questions(shipped):
        worth = {option.id: option.points for option in question.options}
        assert (question.is_required, worth) == (
            True,
            {"A": 25, "B": 15, "C": 10, "D": 5, "E": 0, "U": None},
        )
        assert [option.id for option in question.options if option.unknown] == ["U"]


def test_its_bands_are_the_five_categories(shipped: Definition) -> None:
    assert [(band.key, band.name, band.min_score, band.max_score) for band in shipped.bands] == [
        ("champion", "Proven and in Control", 80, 100),
        ("builder", "Solid Foundations", 60, 79),
        ("risk_zone", "Mixed Picture", 40, 59),
        ("alert", "Early Stage", 20, 39),
        ("crisis", "Starting Point", 0, 19),
    ]


@pytest.mark.parametrize(
    ("answer", "total", "category"),
    [
        ("A", 100, "champion"),
        ("B", 60, "builder"),
        ("C", 40, "risk_zone"),
        ("D", 20, "alert"),
        ("E", 0, "crisis"),
    ],
)
def test_the_same_answer_everywhere_gives_its_category(
    shipped: Definition, answer: str, total: int, category: str
) -> None:
    result = score(shipped, dict.fromkeys(shipped.questions, answer))
    assert (result.total, result.category) == (total, category)
    assert len(recommend(shipped, result.areas)) == 4


@pytest.mark.django_db
def test_it_loads_and_publishes_as_it_is_written(shipped: Definition) -> None:
    version = publish(load_draft(read_questionnaire(FILE)).questionnaire)
    assert parse(version.definition) == shipped
