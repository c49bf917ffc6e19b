"""The advice of the shipped questionnaires: nothing is said twice, and every action says by when."""

import re
from itertools import combinations
from pathlib import Path

import pytest

import scorecard
from scorecard.content.files import read_questionnaire
from scorecard.definition import Definition
from scorecard.translation import translated

FILES = [
    file for file in (Path(scorecard.__file__).parent / "content").glob("*.yaml") if "." not in file.stem
]
ALIKE = 0.5  # share of the words that two sentences have in common, from which on they say the same
SHORT = 3  # letters of words that say nothing: the, to, of


def spoken(file: Path) -> list[Definition]:
    """The questionnaire in each of its languages."""
    own = read_questionnaire(file).definition()
    return [own, *(translated(own, each.texts, each.language) for each in own.translations)]


def advice(definition: Definition) -> list[str]:
    return [
        *(option.advice for question in definition.questions.values() for option in question.options),
        *(
            action
            for section in definition.sections
            for recommendation in section.recommendations
            for action in recommendation.action_items
        ),
        *(step for band in definition.bands for step in band.next_steps),
    ]


def words(sentence: str) -> set[str]:
    return {word for word in re.findall(r"\w+", sentence.lower()) if len(word) > SHORT}


def alike(sentences: list[str]) -> list[tuple[str, str]]:
    """The pairs that say the same."""
    known = [(sentence, words(sentence)) for sentence in sentences if sentence]
    return [
        (one, other)
        for (one, left), (other, right) in combinations(known, 2)
        if len(left & right) >= ALIKE * len(left | right)
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_two_sentences_of_advice_say_the_same(file: Path) -> None:
    for definition in spoken(file):
        assert alike(advice(definition)) == [], definition.language


def test_sentences_that_say_the_same_are_found() -> None:
    assert alike(["Name an owner for each system in use.", "Name one owner for every system in use!"])
