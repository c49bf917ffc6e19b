"""The file of a translation beside the questionnaire's own, and what is said of its mistakes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scorecard.content.files import ContentErrors, read_questionnaire
from scorecard.translation import translated

HERE = Path(__file__).parent
GERMAN = (HERE / "sample_in_german.yaml").read_text()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The sample with its German texts beside it."""
    own = tmp_path / "form.yaml"
    own.write_text("language: en\n" + (HERE / "sample.yaml").read_text())
    (tmp_path / "form.de.yaml").write_text(GERMAN)
    return own


@pytest.fixture
def complaints(file: Path) -> Callable[..., list[str]]:
    """What is said when `old` in the German file is `new`."""

    def told(old: str, new: str, *, publishable: bool = False) -> list[str]:
        assert GERMAN.count(old) == 1
        file.with_name("form.de.yaml").write_text(GERMAN.replace(old, new))
        with pytest.raises(ContentErrors) as raised:
            read_questionnaire(file, publishable=publishable)
        return [line.removeprefix(f"{file.parent}/") for line in raised.value.lines]

    return told


def test_the_file_beside_it_is_the_questionnaire_in_that_language(file: Path) -> None:
    form = read_questionnaire(file, publishable=True).definition()
    (german,) = form.translations
    assert (form.language, german.language) == ("en", "de")
    assert translated(form, german.texts, "de").questions["care_1"].options[0].label == "Ein Mensch übernimmt"


GAPS = [
    ("        text: Wie verfolgen Sie ihn?\n", "", 8, "section value, question value_1, text"),
    ("B: Niemand", "B: ", 15, "section value, question value_2, option B"),
    ("        descriptions: {B: Noch nicht}\n", "", 8, "section value, question value_1, descriptions, B"),
    (", Machen Sie dann weiter.]", "]", 39, "band poor, next step 2"),
    ("name: Gut", 'name: " "', 33, "band good, name"),
]


@pytest.mark.parametrize(("old", "new", "line", "place"), GAPS)
def test_a_missing_text_forbids_publishing_and_is_told_by_line(
    complaints: Callable[..., list[str]], old: str, new: str, line: int, place: str
) -> None:
    told = complaints(old, new, publishable=True)
    assert told == [f"form.de.yaml:{line}: translation de, {place}: is missing"]


@pytest.mark.parametrize(("old", "new"), [(old, new) for old, new, *_ in GAPS])
def test_a_draft_may_be_translated_in_part(file: Path, old: str, new: str) -> None:
    file.with_name("form.de.yaml").write_text(GERMAN.replace(old, new))
    assert "de" in read_questionnaire(file).translations


NOT_ASKED = "the questionnaire has no such text"
UNSTORABLE = "holds a character that cannot be stored"
MISTAKES = [
    ("name: Gut", "nam: Gut", 33, f"band good, nam: {NOT_ASKED}"),
    ("  care:", "  core:", 21, f"section core, name: {NOT_ASKED}"),
    ("{A: Das Controlling,", "{A: 12,", 15, "section value, question value_2, option A: must be text"),
    ("[Weiter so.]", "[Weiter so., Halt.]", 35, f"band good, next step 2: {NOT_ASKED}"),
    ("name: Gut", 'name: "Gut\\0"', 33, f"band good, name: {UNSTORABLE}"),
    ("name: Gut", 'name: "\\ud800"', 33, f"band good, name: {UNSTORABLE}"),
    ("name: Gut", "name: Gut\n    name: Gut", 34, "band good, name: is there twice"),
]


@pytest.mark.parametrize(("old", "new", "line", "mistake"), MISTAKES)
def test_what_cannot_be_meant_is_told_by_line_even_in_a_draft(
    complaints: Callable[..., list[str]], old: str, new: str, line: int, mistake: str
) -> None:
    assert f"form.de.yaml:{line}: translation de, {mistake}" in complaints(old, new)


def test_a_list_is_no_translation(complaints: Callable[..., list[str]]) -> None:
    assert complaints(GERMAN, "- 1\n") == [
        "form.de.yaml:1: translation de: must be a mapping of keys to values"
    ]


def test_a_translation_that_is_no_yaml_is_told_by_line(complaints: Callable[..., list[str]]) -> None:
    assert complaints(GERMAN, "name: [1\n") == [
        "form.de.yaml:2: a list in brackets lacks a comma or its closing bracket ] (column 1)"
    ]


def test_mistakes_in_both_files_come_at_once_its_own_first(file: Path) -> None:
    file.write_text(file.read_text().replace("weight: 0.4", "weight: 0.3"))
    file.with_name("form.de.yaml").write_text(GERMAN.replace("name: Gut", ""))
    with pytest.raises(ContentErrors) as raised:
        read_questionnaire(file, publishable=True)
    assert [Path(line.split(":")[0]).name for line in raised.value.lines] == ["form.yaml", "form.de.yaml"]


def test_its_own_language_needs_no_translation(file: Path) -> None:
    file.write_text(file.read_text().replace("language: en", "language: de"))
    with pytest.raises(ContentErrors, match=r"form\.de\.yaml:1: translation de: is the language of"):
        read_questionnaire(file)


def test_a_language_that_nobody_speaks_is_refused(file: Path) -> None:
    file.write_text(file.read_text().replace("language: en", "language: english"))
    with pytest.raises(ContentErrors, match=r"form\.yaml:1: language: must be the code of a language"):
        read_questionnaire(file)


def test_translations_stand_in_files_of_their_own(file: Path) -> None:
    file.write_text(file.read_text() + "translations: {de: {name: Probe}}\n")
    with pytest.raises(ContentErrors, match=r"form\.yaml:62: translations: belong in files of their own"):
        read_questionnaire(file)
