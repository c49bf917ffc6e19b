from decimal import Decimal
from pathlib import Path

import pytest

from scorecard.content.files import ContentErrors, read_questionnaire
from scorecard.definition import freeze, parse
from scorecard.validation import publishing_problems

SAMPLE = Path(__file__).parent / "sample.yaml"


@pytest.fixture
def complaints(tmp_path: Path) -> "Complaints":
    return Complaints(tmp_path / "form.yaml")


class Complaints:
    """What is said about a copy of the sample in which `old` was replaced by `new`, once."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self, old: str, new: str, *, publishable: bool = False) -> list[str]:
        text = SAMPLE.read_text()
        assert old in text
        return self.of(text.replace(old, new, 1).encode(), publishable=publishable)

    def of(self, content: bytes, *, publishable: bool = False) -> list[str]:
        self.file.write_bytes(content)
        with pytest.raises(ContentErrors) as raised:
            read_questionnaire(self.file, publishable=publishable)
        return [line.removeprefix(f"{self.file}:") for line in raised.value.lines]


def test_the_sample_is_read_into_typed_values() -> None:
    content = read_questionnaire(SAMPLE, publishable=True)
    assert (content.sections[1].weight, content.sections[1].questions[0].required) == (Decimal("0.6"), False)
    assert content.bands[1].message == "A start is a start."


def test_words_that_old_yaml_took_for_booleans_are_text() -> None:
    assert read_questionnaire(SAMPLE).sections[0].questions[0].options[1].label == "No"


def test_conditions_stand_within_one_another_as_deep_as_anybody_writes(tmp_path: Path) -> None:
    nested = "{field: value_1, operator: eq, value: A}"
    for _ in range(50):
        nested = f"{{field: value_1, operator: ne, value: B, logicalOp: OR, nested: [{nested}]}}"
    file = tmp_path / "form.yaml"
    file.write_text(
        f"{SAMPLE.read_text()}\nrules: [{{when: {nested}, action: REQUIRE, targets: [value_1]}}]\n"
    )
    definition = read_questionnaire(file, publishable=True).definition()
    assert parse(freeze(definition)) == definition


def test_the_sample_can_be_published() -> None:
    assert publishing_problems(read_questionnaire(SAMPLE).definition()) == []


SHAPE = [
    (
        "points: 25",
        "points: lots",
        "17: section value, question value_1, option A, points: must be a whole number",
    ),
    (
        "points: 25",
        'points: "25"',
        "17: section value, question value_1, option A, points: must be a whole number",
    ),
    (
        "points: 25",
        "points: 2.5",
        "17: section value, question value_1, option A, points: must be a whole number",
    ),
    (
        "points: 25",
        "points: true",
        "17: section value, question value_1, option A, points: must be a whole number",
    ),
    ("points: 25", "points: -1", "17: section value, question value_1, option A, points: must be at least 0"),
    ("weight: 0.4", "weight: heavy", "9: section value, weight: must be a number"),
    ("weight: 0.4", "weight: 1.5", "9: section value, weight: must be at most 1"),
    ("weight: 0.4", "weight: .nan", "9: section value, weight: must be a number"),
    ("weight: 0.4", "weight: 0.33333", "9: section value, weight: has more than 4 decimals"),
    (
        "required: true",
        "required: maybe",
        "15: section value, question value_1, required: must be true or false",
    ),
    ("name: Value", "name:", "7: section value, name: must be text"),
    ("name: Value", "name: 12", "7: section value, name: must be text"),
    ("name: Value", 'name: "\\0"', "7: section value, name: holds a control character"),
    ("name: Value", 'name: "\\ud800"', "7: section value, name: holds a character that cannot be stored"),
    ("    name: Value\n", "", "6: section value, name: is missing"),
    ("help_text:", "hint:", "13: section value, question value_1, hint: is not known here"),
    (
        "key: value_2",
        "key: Value 2",
        "19: section value, question 2, key: must be small letters, digits and underscores, a letter first",
    ),
    (
        "action_items: [Name an owner.]",
        "action_items: Name",
        "27: section value, recommendation high, action_items: must be a list",
    ),
    (
        "low: {title: Share",
        "tiny: {title: Share",
        "29: section value, recommendation tiny: is not known here",
    ),
    ("min_score: 50", "min_score: 101", "49: band good, min_score: must be at most 100"),
    ("max_score: 49", "max_score: 49\n    max_score: 49", "57: band poor, max_score: is there twice"),
    ("key: value_2", "key: value_1", "19: section value, question value_1, key: is there twice"),
    ("key: care\n", "key: value\n", "30: section value, key: is there twice"),
    ("key: care_1", "key: value_1", "35: section care, question value_1, key: is there twice"),
    ("key: poor", "key: good", "53: band good, key: is there twice"),
    (
        "{id: B, points: 0, label: Nobody}",
        "{id: A, points: 0, label: Nobody}",
        "25: section value, question value_2, option A, id: is there twice",
    ),
    ("min_score: 0", "min_score: 50", "53: band poor: starts above its end"),
]


@pytest.mark.parametrize(("old", "new", "expected"), SHAPE)
def test_a_wrong_shape_is_told_by_line(complaints: Complaints, old: str, new: str, expected: str) -> None:
    assert complaints(old, new) == [expected]


def test_an_unknown_question_type_is_told_with_the_known_ones(complaints: Complaints) -> None:
    (line,) = complaints("type: SINGLE_CHOICE", "type: RIDDLE")
    assert line.startswith("14: section value, question value_1, type: must be one of 'TEXT', 'TEXTAREA',")


def test_a_missing_key_is_told_at_its_parent(complaints: Complaints) -> None:
    assert complaints("        text: How do you track it?\n", "") == [
        "11: section value, question value_1, text: is missing"
    ]


def test_everything_comes_at_once_in_the_order_of_the_file(complaints: Complaints) -> None:
    spoilt = SAMPLE.read_text().replace("points: 25", "points: x").replace("name: ", "nom: ")
    spoilt = spoilt.replace("label: Nobody", "labl: Nobody")
    lines = complaints.of(spoilt.replace("min_score: 0", "min_score: 0\n    min_score: 0").encode())
    assert len(lines) == 16
    assert lines == sorted(lines, key=lambda line: int(line.split(":")[0]))


UNREADABLE: list[tuple[bytes, str]] = [
    (
        b"key: sample\nname: [1\nsections: 2\n",
        "3: a colon does not belong here: close the bracket, or put the text in quotation marks (column 9)",
    ),
    (
        b"key: sample\n\tname: x\n",
        "2: a tab does not belong here: indent with blanks (column 1)",
    ),
    (b"key: &x a\nname: *x\n", "2: aliases are not allowed: write the text again"),
    (b"key: a\nname: !!python/name:os.system x\n", "2: tags are not allowed"),
    (b"key: a\n? [b]\n: c\n", "2: a key must be text"),
    (b"key: a\nname: " + b"[" * 5000, "2: nested too deeply"),
    (
        b"key: a\nsections: [{text: How many?, type: TEXT}]",
        "2: a text with a question mark must stand in quotation marks here (column 27)",
    ),
    (b"key: a\n---\nkey: b\n", "2: a file holds one questionnaire: leave out the line --- (column 1)"),
    (b"key: a\nname: \x07\n", "2: holds a character that text does not hold"),
    (b"key: a\nname: caf\xe9\n", "2: is not UTF-8 text"),
    (b"", " is empty"),
    (b"# nothing\n", " is empty"),
    (b"#" * 1_000_001, " is larger than 1,000,000 bytes"),
    (b"- 1\n", "1: questionnaire: must be a mapping of keys to values"),
    (b"just words", "1: questionnaire: must be a mapping of keys to values"),
]


@pytest.mark.parametrize(("content", "expected"), UNREADABLE)
def test_what_is_no_questionnaire_is_told_in_one_line(
    complaints: Complaints, content: bytes, expected: str
) -> None:
    assert complaints.of(content) == [expected]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentErrors, match=r"/none\.yaml: no such file or directory$"):
        read_questionnaire(tmp_path / "none.yaml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ContentErrors, match=r"is a directory$"):
        read_questionnaire(tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    marked = tmp_path / "form.yaml"
    marked.write_bytes(b"\xef\xbb\xbf" + SAMPLE.read_bytes())
    assert read_questionnaire(marked) == read_questionnaire(SAMPLE)


PUBLISHABLE = [
    ("weight: 0.4", "weight: 0.3", "5: sections: the weights sum to 0.9, not to 1"),
    (
        "points: 25, label: Monthly",
        "label: Monthly",
        "17: section value, question value_1, option A, points: is missing",
    ),
    ("text: How do you track it?", 'text: " "', "12: section value, question value_1, text: is blank"),
    ("min_score: 50", "min_score: 52", "49: band good, min_score: leaves a gap: no band holds 50 to 51"),
    (
        "      low: {title: Share, description: Others learn., action_items: [Tell it.]}\n",
        "",
        "26: section value, recommendation low: is missing",
    ),
    ("estimated_time: 3", "estimated_time:", "4: estimated_time: is missing: say how many minutes it takes"),
]


@pytest.mark.parametrize(("old", "new", "expected"), PUBLISHABLE)
def test_what_forbids_publishing_is_told_by_line(
    complaints: Complaints, old: str, new: str, expected: str
) -> None:
    assert expected in complaints(old, new, publishable=True)


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, _ in PUBLISHABLE])
def test_a_draft_need_not_be_publishable(tmp_path: Path, old: str, new: str) -> None:
    draft = tmp_path / "form.yaml"
    draft.write_text(SAMPLE.read_text().replace(old, new, 1))
    assert read_questionnaire(draft).key == "sample"
