"""What the editor says about a questionnaire is German for authors who read German."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from accounts.tests.people import logged_in, member
from scorecard.admin.spoken import spoken
from scorecard.checking import check
from scorecard.conditions import OPERATORS, Condition, Rule
from scorecard.content.documents import check_document
from scorecard.content.loading import load_draft
from scorecard.content.source import COMPLAINTS, SourceError, parse_yaml
from scorecard.editing.difference import differences
from scorecard.editing.wording import comparison_in_words, rule_in_words, visibility_in_words
from scorecard.problems import QuestionnaireErrors, Words
from scorecard.question_types.text import REASONS
from scorecard.tests.examples import EVERYTHING, read_once
from scorecard.tests.test_checking import FAULTS, asked, eq, form, rule, untold
from scorecard.tests.test_editor_pages import url

GERMAN = {
    "a condition that no answer meets": (
        "Seite area, Frage two: wird nie angezeigt, gleich was geantwortet wird"
    ),
    "a condition on a question that is itself unreachable": (
        "Seite area, Frage three: wird nie angezeigt, gleich was geantwortet wird"
    ),
    "a number outside its limits": ("Seite area, Frage big: wird nie angezeigt, gleich was geantwortet wird"),
    "a required question hidden for good": (
        "Seite area, Frage two, Pflicht: ist Pflicht und bleibt für immer ausgeblendet"
    ),
    "a required question that some never see": (
        "Seite area, Frage two, Pflicht: ist Pflicht, kann aber für immer ausgeblendet bleiben: "
        "zum Beispiel mit one = Answer B"
    ),
    "rules that say the opposite": "Regel 2: widerspricht Regel 1 zu two: beide haben dieselbe Bedingung",
    "rules that can meet": (
        "Regel 2: widerspricht Regel 1 zu three (zum Beispiel mit one = Answer A, two = Answer "
        "A): die spätere, 2, setzt sich durch"
    ),
    "a rule that never applies": "Regel 1, Bedingung: trifft nie zu, gleich was geantwortet wird",
    "a circle": (
        "Seite area, Frage two: wartet auf sich selbst, die Bedingungen bilden einen Kreis: two, three, two"
    ),
    "a band below the smallest total": (
        "Kategorie crisis: kein Weg führt hierher: Gesamtpunkte liegen zwischen 60 und 100"
    ),
    "a band between the totals": (
        "Kategorie risk_zone: kein Weg führt hierher: Gesamtpunkte liegen zwischen 0 und 100"
    ),
    "an option without advice": "Seite area, Frage one, Option B: hat keinen Ratschlag",
    "a text too long for a phone": (
        "Seite area, Frage one, Text: ist lang für ein Telefon: 200 Zeichen, 160 passen"
    ),
    "a missing translation": "Übersetzung de, Seite area, Frage one, Text: fehlt",
    "a link to no host": "Kategorie crisis, Handlungsaufruf, Link: führt zu keinem Rechner im Internet",
    "a link in a text": (
        "Seite area, Frage one, Hilfe: der Link https://nowhere führt zu keinem Rechner im Internet"
    ),
    "a link that is not encrypted": (
        "Kategorie crisis, Handlungsaufruf, Link: ist nicht verschlüsselt: Beginnen Sie mit https://"
    ),
    "a typed question without a flag": (
        "Seite area, Frage who, personenbezogen: ist nicht angegeben: Getippte Antworten gelten "
        "als personenbezogen; geben Sie an, ob sie es sind"
    ),
    "a choice about the person without a flag": (
        "Seite area, Frage one, personenbezogen: ist nicht angegeben, und die Frage scheint nach "
        "der Person zu fragen: Geben Sie an, ob sie es tut"
    ),
    "an e-mail address that is not personal": (
        "Seite area, Frage mail, personenbezogen: ist verneint, aber eine E-Mail-Adresse ist personenbezogen"
    ),
}


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with translation.override("de"):
        yield


@pytest.mark.parametrize(("name", "build"), [case[:2] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_each_kind_of_finding(name: str, build: Any) -> None:
    assert GERMAN[name] in [spoken(finding.problem.words) for finding in check(build()).findings]


@pytest.mark.parametrize("operator", OPERATORS)
def test_each_operator(operator: str) -> None:
    definition, condition = form(asked("one")), Condition("one", operator, ["A", "B"])
    english, words = (
        str(comparison_in_words(definition, condition)),
        comparison_in_words(definition, condition),
    )
    assert spoken(words).startswith("„What about one?“ ")
    assert spoken(words) != english.replace("“", "„").replace("”", "“").replace(" or ", " oder ")


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("SHOW", "Wenn gilt: „What about one?“ ist „Answer A“, dann zeige „What about two?“ an."),
        ("HIDE", "Wenn gilt: „What about one?“ ist „Answer A“, dann blende „What about two?“ aus."),
        (
            "REQUIRE",
            "Wenn gilt: „What about one?“ ist „Answer A“, dann verlange eine Antwort auf „What about two?“.",
        ),
        (
            "UNREQUIRE",
            "Wenn gilt: „What about one?“ ist „Answer A“, dann verlange keine Antwort auf „What about two?“.",
        ),
    ],
)
def test_each_action_of_a_rule(action: str, said: str) -> None:
    definition = form(asked("one"), untold("two", text="What about two?"))
    assert spoken(rule_in_words(definition, rule(action, "two", eq("one", "A")))) == said


def test_a_rule_about_several_with_a_priority() -> None:
    definition = form(asked("one"), asked("two"))
    when = Condition("one", "eq", "A", "OR", (eq("two", "B", eq("one", "C")),))
    assert spoken(rule_in_words(definition, Rule(when, "HIDE", ("two", "area", "gone"), 3))) == (
        "Wenn gilt: „What about one?“ ist „Answer A“ oder („What about two?“ ist „Answer B“ und "
        "„What about one?“ ist „Answer C“), dann blende "
        "„What about two?“ und die Seite „Area“ und gone (fehlt) aus (Vorrang 3)."
    )
    assert spoken(visibility_in_words(definition, None)).startswith("Wird immer angezeigt")


def test_what_changed() -> None:
    before = form(asked("one"), asked("two"))
    after = form(asked("two"), replace(asked("one"), text="Why?", help_text="So."), asked("three"))
    assert [spoken(each.words) for each in differences(before, after)] == [
        "Seite area, Frage one: Wortlaut geändert von „What about one?“ in „Why?“",
        "Seite area, Frage one: Hilfe ist jetzt „So.“",
        "Seite area, Frage three: hinzugefügt: „What about three?“",
        "Seite area: Reihenfolge (Fragen) ist jetzt two, one",
    ]


def test_what_breaks_the_schema() -> None:
    with pytest.raises(QuestionnaireErrors) as errors:
        check_document({"key": "A b", "name": 3, "sections": {}, "bands": [], "description": ""})
    assert [spoken(problem.words) for problem in errors.value.problems] == [
        "Schlüssel: muss aus Kleinbuchstaben, Ziffern und Unterstrichen bestehen, ein Buchstabe zuerst",
        "Name: muss Text sein",
        "Dauer in Minuten: fehlt",
        "Seiten: muss eine Liste sein",
    ]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("a: [1", "eine Liste in Klammern braucht ein Komma oder die schließende Klammer ] (Spalte 6)"),
        (
            "a: {b: 1",
            "was in geschweiften Klammern steht, braucht ein Komma oder die schließende } (Spalte 9)",
        ),
        (
            "a: {b: c, d: e f: g}",
            "ein Doppelpunkt gehört nicht hierher: Schließen Sie die Klammer, oder setzen "
            "Sie den Text in Anführungszeichen (Spalte 17)",
        ),
        (
            "a: b: c",
            "ein Doppelpunkt gehört nicht hierher: Prüfen Sie die Einrückung, oder setzen Sie den Text "
            "in Anführungszeichen (Spalte 5)",
        ),
        ("a: 'x", "ein Anführungszeichen wird geöffnet und nicht geschlossen (Spalte 6)"),
        ("a: @x", "so beginnt kein Text: Setzen Sie ihn in Anführungszeichen (Spalte 4)"),
        ("- a\nb: c", "ist anders eingerückt als die Zeilen darüber (Spalte 1)"),
        ("\ta: b", "ein Tabulator gehört nicht hierher: Rücken Sie mit Leerzeichen ein (Spalte 1)"),
    ],
)
def test_what_is_no_yaml(broken: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    file.write_text(broken)
    with pytest.raises(SourceError) as error:
        parse_yaml(file)
    assert spoken(error.value.words) == said


@pytest.mark.parametrize("words", [*(words for _, words in COMPLAINTS), *REASONS.values()])
def test_each_reason_why_a_file_or_a_pattern_is_refused(words: Words) -> None:
    assert spoken(words) != str(words)


def test_a_number_that_is_none_is_told_once_and_at_its_place() -> None:
    document: Any = parse_yaml(EVERYTHING).document
    document["sections"][1]["questions"][2]["points"][0]["min"] = "few"
    with pytest.raises(QuestionnaireErrors) as errors:
        check_document(document)
    assert [spoken(problem.words) for problem in errors.value.problems] == [
        "Seite quality, Frage trust, Punkte, 0, min: muss eine Zahl sein"
    ]


@pytest.mark.django_db
def test_the_page_of_a_draft() -> None:
    editor = logged_in(member("Content editor"))
    draft = load_draft(read_once(EVERYTHING)).questionnaire
    draft.bands.filter(key="poor").update(max_score=40)
    editor.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    page = editor.get(url("change", draft)).content.decode()
    for words in ("lässt eine Lücke: keine Kategorie umfasst", "Wenn gilt: „", "Wird angezeigt, wenn gilt"):
        assert words in page, words
    assert "Diese Frage entfernen?" in editor.get(url("confirm", draft, "question", "name")).content.decode()
