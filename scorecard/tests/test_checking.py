"""The proof-checker finds each fault that is planted, names its place, and says whether it blocks."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from scorecard.checking import check
from scorecard.checking.texts import link_problem
from scorecard.checking.totals import reachable_totals
from scorecard.conditions import Condition, Rule
from scorecard.content.files import read_questionnaire
from scorecard.definition import CallToAction, Definition, Option, PointRange, Question, Scale, Translation
from scorecard.scoring import score
from scorecard.tests.builders import definition, four_areas, question, section
from scorecard.visibility import visible

CONTENT = Path(__file__).parents[1] / "content"
SHIPPED = [
    *(CONTENT / f"{name}.yaml" for name in ("ai_reality_check", "security_check", "client_intake")),
    Path(__file__).parent / "everything.yaml",
]


def asked(key: str, **changes: Any) -> Question:
    """A question that nothing can be said against."""
    options = tuple(replace(option, advice="Do it.") for option in question(key).options)
    return replace(question(key), **{"options": options, **changes})


def untold(key: str, **changes: Any) -> Question:
    """An optional text."""
    text = replace(question(key), type="TEXT", options=(), is_required=False, personal=False, scored=False)
    return replace(text, **changes)


def form(*questions: Question, **changes: Any) -> Definition:
    return replace(definition(section("area", *questions)), **changes)


def eq(field: str, value: object, *nested: Condition) -> Condition:
    return Condition(field, "eq", value, nested=nested)


def rule(action: str, target: str, when: Condition, priority: int = 0) -> Rule:
    return Rule(when, action, (target,), priority)


def found(checked: Definition) -> list[str]:
    return [str(finding) for finding in check(checked).findings]


def test_nothing_is_said_against_a_sound_questionnaire() -> None:
    assert found(form(asked("one"), asked("two"))) == []


FAULTS: list[tuple[str, Callable[[], Definition], str]] = [
    (
        "a condition that no answer meets",
        lambda: form(
            asked("one"), asked("two", is_required=False, visible_if=eq("one", "A", eq("one", "B")))
        ),
        "error: section area, question two: is never shown, whatever is answered",
    ),
    (
        "a condition on a question that is itself unreachable",
        lambda: form(
            asked("one"),
            untold("two", visible_if=eq("one", "A", eq("one", "B"))),
            untold("three", visible_if=Condition("two", "is_not_empty")),
        ),
        "error: section area, question three: is never shown, whatever is answered",
    ),
    (
        "a number outside its limits",
        lambda: form(
            asked("one"),
            untold("size", type="NUMBER", validation={"min": 1, "max": 10}),
            untold("big", visible_if=Condition("size", "gt", 10)),
        ),
        "error: section area, question big: is never shown, whatever is answered",
    ),
    (
        "a required question hidden for good",
        lambda: form(asked("one"), asked("two", visible_if=eq("one", "A", eq("one", "B")))),
        "warning: section area, question two, required: is required and hidden for good",
    ),
    (
        "a required question that some never see",
        lambda: form(asked("one"), asked("two"), rules=(rule("HIDE", "two", eq("one", "B")),)),
        "warning: section area, question two, required: is required but can stay hidden for good: "
        "for example with one = Answer B",
    ),
    (
        "rules that say the opposite",
        lambda: form(
            asked("one"),
            untold("two"),
            rules=(rule("SHOW", "two", eq("one", "A")), rule("HIDE", "two", eq("one", "A"))),
        ),
        "error: rule 2: contradicts rule 1 about two: both have the same condition",
    ),
    (
        "rules that can meet",
        lambda: form(
            asked("one"),
            asked("two", is_required=False),
            untold("three"),
            rules=(rule("REQUIRE", "three", eq("one", "A")), rule("UNREQUIRE", "three", eq("two", "A"))),
        ),
        "warning: rule 2: contradicts rule 1 about three (for example with one = Answer A, two = Answer A): "
        "the later one, 2, wins",
    ),
    (
        "a rule that never applies",
        lambda: form(asked("one"), untold("two"), rules=(rule("HIDE", "two", Condition("one", "in", [])),)),
        "warning: rule 1, when: never holds, whatever is answered",
    ),
    (
        "a circle",
        lambda: form(
            asked("one"),
            untold("two", visible_if=Condition("three", "is_not_empty")),
            untold("three", visible_if=Condition("two", "is_not_empty")),
        ),
        "error: section area, question two: waits for itself, in a circle of conditions: two, three, two",
    ),
    (
        "a band below the smallest total",
        lambda: form(
            asked(
                "one",
                options=(Option("A", "Yes.", "", 10), Option("B", "No.", "", 6, advice="Do it.")),
            )
        ),
        "warning: band crisis: no path reaches it: totals lie from 60 to 100",
    ),
    (
        "a band between the totals",
        lambda: form(
            asked("one", options=(Option("A", "Yes.", "", 10), Option("B", "No.", "", 0, advice="Go.")))
        ),
        "warning: band risk_zone: no path reaches it: totals lie from 0 to 100",
    ),
    (
        "an option without advice",
        lambda: form(question("one", (5, 0))),
        "warning: section area, question one, option B: has no advice",
    ),
    (
        "a text too long for a phone",
        lambda: form(asked("one", text="How? " * 40)),
        "warning: section area, question one, text: is long for a phone: 200 characters, 160 fit",
    ),
    (
        "a missing translation",
        lambda: form(asked("one"), translations=(Translation("de", {"name": "Probe"}),)),
        "error: translation de, section area, question one, text: is missing",
    ),
    (
        "a link to no host",
        lambda: with_link("https://localhost/talk"),
        "error: band crisis, call_to_action, link: leads to no host on the internet",
    ),
    (
        "a link in a text",
        lambda: form(asked("one", help_text="See https://nowhere for more.")),
        "warning: section area, question one, help_text: "
        "the link https://nowhere leads to no host on the internet",
    ),
    (
        "a link that is not encrypted",
        lambda: with_link("http://example.com/talk"),
        "warning: band crisis, call_to_action, link: is not encrypted: begin it with https://",
    ),
    (
        "a typed question without a flag",
        lambda: form(asked("one"), untold("who", personal=None)),
        "warning: section area, question who, personal: is not said: typed answers count as personal; "
        "say personal: true or personal: false",
    ),
    (
        "a choice about the person without a flag",
        lambda: form(asked("one", text="What is your gender?")),
        "warning: section area, question one, personal: is not said, and the question seems to ask about the "
        "person: say personal: true or false",
    ),
    (
        "an e-mail address that is not personal",
        lambda: form(asked("one"), untold("mail", type="EMAIL")),
        "warning: section area, question mail, personal: is false, but an e-mail address is personal",
    ),
]


def with_link(link: str) -> Definition:
    sound = form(asked("one"))
    call = CallToAction("Talk", "Half an hour.", "Choose a time", link)
    return replace(sound, bands=(replace(sound.bands[0], call_to_action=call), *sound.bands[1:]))


@pytest.mark.parametrize(("build", "said"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_planted_fault_is_found_at_its_place(build: Callable[[], Definition], said: str) -> None:
    assert said in found(build())


@pytest.mark.parametrize("value", [[[]], [["A"]], [None], [3]])
def test_a_condition_on_what_is_no_option_is_told(value: object) -> None:
    (said,) = found(form(asked("one"), untold("two", visible_if=Condition("one", "in", value))))
    assert said.startswith(
        "error: section area, question two, visible_if, value: the question one has no option"
    )


def test_a_file_is_personal_without_a_flag() -> None:
    assert found(form(asked("one"), untold("brief", type="FILE_UPLOAD", personal=None))) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_questionnaires_have_no_errors(file: Path) -> None:
    assert check(read_questionnaire(file).definition()).errors == ()


def test_a_question_that_a_rule_shows_in_one_case_is_reachable() -> None:
    rules = (rule("SHOW", "two", eq("one", "C")), rule("HIDE", "two", eq("one", "A"), priority=1))
    assert [line for line in found(form(asked("one"), untold("two"), rules=rules)) if "shown" in line] == []


def test_every_total_that_answers_come_to_is_known() -> None:
    low, high = asked("one", options=question("one", (25, 10, 0)).options), asked("two", is_required=False)
    shown = replace(asked("three", options=question("three", (4, 3)).options), visible_if=eq("one", "B"))
    several = definition(
        section("first", low, shown, weight="0.5"),
        section("second", high, weight="0.5"),
    )
    totals = reachable_totals(several)
    assert totals
    assert totals.is_exact
    by_hand = {
        score(several, {key: answer for key, answer in given.items() if answer}).total
        for given in (
            {"one": one, "two": two, "three": three}
            for one in "ABC"
            for two in (None, *"ABCDE")
            for three in "AB"
        )
        if visible(several, given)
    }
    assert totals.values == by_hand


def test_the_smallest_and_the_largest_total_are_said() -> None:
    rated = untold(
        "rating",
        type="SCALE",
        scored=True,
        is_required=True,
        scale=Scale(1, 5),
        points=(PointRange(5, 1, 3), PointRange(10, 4)),
    )
    totals = check(form(rated)).totals
    assert totals
    assert (totals.smallest, totals.largest) == (50, 100)


def test_a_long_questionnaire_with_many_rules_is_checked_in_seconds() -> None:
    questions = [asked(f"q{number}") for number in range(500)]
    rules = tuple(
        rule(
            "HIDE" if number % 2 else "REQUIRE",
            f"q{number % 400 + 100}",
            eq(f"q{number % 100}", "ABCDE"[number % 5]),
        )
        for number in range(1000)
    )
    sections = [section(f"s{at}", *questions[at * 50 : at * 50 + 50], weight="0.1") for at in range(10)]
    assert check(replace(definition(*sections), rules=rules)).totals


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("https://example.com/a?b=c#d", True),
        ("https://büro.example", True),
        ("/privacy/", True),
        ("mailto:hello@example.com?subject=Hi", True),
        ("tel:+49301234567", True),
        ("https://", False),
        ("https://example", False),
        ("https://exa mple.com", False),
        ("https://example.com:port/", False),
        ("htps://example.com", False),
        ("//example.com", False),
        ("mailto:hello", False),
        ("tel:call", False),
        ("javascript:alert(1)", False),
    ],
)
def test_links_that_lead_nowhere(link: str, leads: bool) -> None:
    assert (link_problem(link) == "") is leads


def test_the_command_lists_findings_by_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "form.yaml"
    sample = (Path(__file__).parent / "sample.yaml").read_text()
    file.write_text(sample.replace("max_score: 49", "max_score: 40"))
    with pytest.raises(SystemExit):
        call_command("check_questionnaire", file)
    lines = capsys.readouterr().out.splitlines()
    assert f"error {file}:49: band good, min_score: leaves a gap: no band holds 41 to 49" in lines
    assert f"warning {file}:18: section value, question value_1, option B: has no advice" in lines
    file.write_text(sample)
    call_command("check_questionnaire", file)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "totals lie from 0 to 100",
        f"{file}: can be published",
    ]


def test_weights_that_do_not_sum_up_block_and_nothing_is_guessed() -> None:
    wrong = four_areas()
    wrong = replace(wrong, sections=(replace(wrong.sections[0], weight=Decimal("0.3")), *wrong.sections[1:]))
    checked = check(wrong)
    assert (checked.totals, len(checked.errors)) == (None, 1)
