"""The catalogues hold exactly the words of the code, all translated, and are compiled."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.conf import settings
from django.utils.translation import to_locale

from config import translations

LANGUAGES = [to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def test_without_babel_one_line_says_what_to_install(tmp_path: Path) -> None:
    script, python = tmp_path / "script/translations", tmp_path / ".venv/bin/python"
    for path in (script, python):
        path.parent.mkdir(parents=True)
    shutil.copy(settings.BASE_DIR / "script/translations", script)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')  # without the installed packages
    python.chmod(0o755)
    answer = subprocess.run(["bash", script], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert (
        answer.stderr == "script/translations needs Babel: script/setup requirements-test.txt installs it.\n"
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "has a catalogue already"), ("xx", "is no language"), ("../x", "is no language")],
)
def test_a_language_that_cannot_be_added_gets_one_line(
    language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        translations.main(["add", language])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


@cache
def words() -> set[str]:
    return messages(translations.marked_messages())


def messages(catalog: Catalog) -> set[str]:
    """Its words, whatever they are translated to; a plural counts as such."""
    return {str((message.id, message.context)) for message in catalog if message.id}


def translated(catalog: Catalog) -> dict[str, list[str]]:
    return {
        translations.message_texts(message.id)[0]: translations.message_texts(message.string)
        for message in catalog
        if message.id
    }


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert translations.languages() == sorted(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_words_of_the_code_and_no_others(language: str) -> None:
    assert messages(translations.read_catalog(language)) == words(), "run script/translations"


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_with_the_same_values_in_it(language: str) -> None:
    assert translations.catalog_problems(translations.read_catalog(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_was_written(language: str) -> None:
    with translations.mo(language).open("rb") as file:
        assert translated(read_mo(file)) == translated(translations.read_catalog(language)), (
            "run script/translations"
        )


@pytest.mark.parametrize(
    ("words", "translation", "wrong"),
    [
        ("Saved", "", "has no translation"),
        (("%(n)s day", "%(n)s days"), ("%(n)s Tag", ""), "has no translation"),
        ("Step %(step)s", "Schritt %(schritt)s", "has other values or tags in its translation"),
        ("%(n)s%% of it", "%(n)s davon", "has other values or tags in its translation"),
        ("<b>Saved</b>", "Gespeichert", "has other values or tags in its translation"),
        (("One day", "%(n)s days"), ("Ein Tag", "%(n)s Tage"), ""),
        ("Step %(step)s", "Schritt %(step)s", ""),
    ],
)
def test_a_flaw_is_named(words: str, translation: str, wrong: str) -> None:
    assert translations.message_problem(Message(words, translation)) == wrong


def test_a_fuzzy_translation_is_none() -> None:
    assert (
        translations.message_problem(Message("Saved", "Gesichert", flags=["fuzzy"])) == "is marked as fuzzy"
    )


def test_a_file_of_translations_is_filled_in_and_tells_of_words_that_nobody_says() -> None:
    catalog = Catalog(locale="de")
    catalog.add("Step %(step)s")
    catalog.add(("%(n)s day", "%(n)s days"))
    lines = [
        "Step {{ step }}\tSchritt {{ step }}\n",
        "%(n)s day\t%(n)s Tag",
        "%(n)s days\t%(n)s Tage",
        "No\tNein",
    ]
    assert translations.import_translations(catalog, lines) == ["No"]
    assert translated(catalog) == {
        "Step %(step)s": ["Schritt %(step)s"],
        "%(n)s day": ["%(n)s Tag", "%(n)s Tage"],
    }


def test_another_language_begins_with_all_words_and_keeps_what_is_translated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Catalog()
    found.add("Skip to the content")
    monkeypatch.setattr(translations, "marked_messages", lambda: found)
    monkeypatch.setattr(translations, "LOCALE", tmp_path / "locale")
    assert translations.main(["add", "fr"]) == 1
    assert capsys.readouterr().out == "fr: Skip to the content: has no translation\n"
    (tmp_path / "french").write_text("Skip to the content\tAller au contenu\n")
    assert translations.main(["take", str(tmp_path / "french"), "--language", "fr"]) == 0
    assert translations.main([]) == 0
    assert translated(translations.read_catalog("fr")) == {"Skip to the content": ["Aller au contenu"]}
