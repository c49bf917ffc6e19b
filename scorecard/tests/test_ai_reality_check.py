"""The questionnaire that ships: its facts, held against the file."""

from decimal import Decimal
from pathlib import Path

import pytest

import scorecard
from scorecard.content.files import read_questionnaire
from scorecard.content.loading import load_draft
from scorecard.definition import Definition, parse
from scorecard.publishing import publish
from scorecard.recommendations import recommend
from scorecard.scoring import score

FILE = Path(scorecard.__file__).parent / "content" / "ai_reality_check.yaml"


@pytest.fixture(scope="module")
def shipped() -> Definition:
    return read_questionnaire(FILE, publishable=True).definition()


def test_it_has_four_weighted_areas(shipped: Definition) -> None:
    assert {section.key: section.weight for section in shipped.sections} == {
        "value_assurance": Decimal("0.25"),
        "customer_safe": Decimal("0.35"),
        "risk_compliance": Decimal("0.25"),
        "governance": Decimal("0.15"),
    }


def test_it_has_four_questions_for_each_area(shipped: Definition) -> None:
    assert list(shipped.questions) == [
        f"{section.key}_{number}" for section in shipped.sections for number in (1, 2, 3, 4)
    ]


def test_every_question_is_required_with_the_same_five_points(shipped: Definition) -> None:
    for question in shipped.questions.values():
        worth = {option.id: option.points for option in question.options}
        assert (question.is_required, worth) == (True, {"A": 25, "B": 15, "C": 10, "D": 5, "E": 0})


def test_its_bands_are_the_five_categories(shipped: Definition) -> None:
    assert [(band.key, band.name, band.min_score, band.max_score) for band in shipped.bands] == [
        ("champion", "AI Reality Champion", 80, 100),
        ("builder", "AI Value Builder", 60, 79),
        ("risk_zone", "AI Risk Zone", 40, 59),
        ("alert", "AI Theater Alert", 20, 39),
        ("crisis", "AI Crisis Mode", 0, 19),
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
