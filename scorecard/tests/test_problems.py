import pytest

from scorecard.problems import Path, path_in_words

DOCUMENT = {
    "sections": [
        {"key": "value", "questions": [{"key": "value_1", "options": [{"id": "A"}, {"id": "B"}]}, {"key": 7}]}
    ]
}

PLACES: list[tuple[Path, str]] = [
    ((), "questionnaire"),
    (("name",), "name"),
    (("sections", 0, "weight"), "section value, weight"),
    (
        ("sections", 0, "questions", 0, "options", 1, "points"),
        "section value, question value_1, option B, points",
    ),
    (("sections", 0, "questions", 1), "section value, question 2"),
    (("sections", 4, "name"), "section 5, name"),
    (
        ("sections", 0, "recommendations", "low", "action_items", 2),
        "section value, recommendation low, action item 3",
    ),
    (("next\nline\x1b[31m",), r"'next\nline\x1b[31m'"),
]


@pytest.mark.parametrize(("path", "words"), PLACES)
def test_a_place_is_told_in_words(path: Path, words: str) -> None:
    assert path_in_words(DOCUMENT, path) == words
