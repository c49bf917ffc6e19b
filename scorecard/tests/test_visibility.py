"""Which questions are shown: the cases that server and browser share, and what holds for any rules."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scorecard.adaptive.browser import condition_data, rules_data
from scorecard.adaptive.paging import first_open_page, next_page, previous_page, progress, shown_pages
from scorecard.conditions import OPERATORS, Condition, Rule, holds
from scorecard.definition import Definition, Option, freeze, parse
from scorecard.scoring import points, score
from scorecard.tests.builders import definition, question, section
from scorecard.visibility import REQUIRING, SHOWING, Circle, visible

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("visibility_cases.json").read_text())
SCRIPT = Path(settings.BASE_DIR) / "static/js/visibility.js"
ENGINE = """
const { visible, holds } = require(process.argv[1]);
const judge = ({ condition, rules, answers }) =>
  condition ? holds(condition, answers) : visible(rules, answers);
require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => console.log(JSON.stringify(judge(JSON.parse(line)))));
"""


class Browser:
    """The script in a process of its own: a question a line, an answer a line."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            ["node", "-e", ENGINE, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, **sent: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(sent) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    engine = Browser()
    yield engine
    engine.process.terminate()
    engine.process.communicate()


def condition_of(data: Mapping[str, Any]) -> Condition:
    nested = tuple(condition_of(each) for each in data.get("nested", ()))
    return Condition(data["field"], data["operator"], data.get("value"), data.get("logicalOp", "AND"), nested)


def test_there_are_two_hundred_cases_and_each_operator_has_some_of_both_kinds() -> None:
    assert len(CASES) >= 200
    judged = {(case["condition"]["operator"], case["holds"]) for case in CASES}
    assert judged >= {(operator, answer) for operator in OPERATORS for answer in (True, False)}


def test_the_server_judges_the_cases_as_they_say() -> None:
    wrong = [
        case for case in CASES if holds(condition_of(case["condition"]), case["answers"]) != case["holds"]
    ]
    assert wrong == []


def test_the_browser_judges_the_cases_as_they_say(browser: Browser) -> None:
    wrong = [
        case
        for case in CASES
        if browser(condition=condition_data(condition_of(case["condition"])), answers=case["answers"])
        != case["holds"]
    ]
    assert wrong == []


# Any rules: questions a to f in two sections, whose conditions ask about earlier ones.

FEW = hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
KEYS = "abcdef"
LETTERS = st.sampled_from("ABC")
SCALARS = LETTERS | st.integers(0, 3) | st.booleans() | st.sampled_from(["2026-01-01", "2026-01-02", ""])
VALUES = SCALARS | st.lists(SCALARS, max_size=3)
ANSWERS = st.dictionaries(
    st.sampled_from(KEYS), VALUES | st.dictionaries(st.sampled_from(["r1", "r2"]), LETTERS, max_size=2)
)


def conditions(fields: str) -> st.SearchStrategy[Condition]:
    names = st.sampled_from([*fields, *(f"{field}.r1" for field in fields)])
    plain = st.builds(Condition, names, st.sampled_from(sorted(OPERATORS)), VALUES)
    return st.recursive(
        plain,
        lambda inner: st.builds(
            Condition,
            names,
            st.sampled_from(sorted(OPERATORS)),
            VALUES,
            st.sampled_from(["AND", "OR"]),
            st.lists(inner, max_size=2).map(tuple),
        ),
        max_leaves=4,
    )


@st.composite
def forms(draw: st.DrawFn) -> Definition:
    asked = []
    for place, key in enumerate(KEYS):
        condition = draw(st.none() | conditions(KEYS[:place])) if place else None
        asked.append(replace(question(key), visible_if=condition, is_required=draw(st.booleans())))
    second = draw(st.none() | conditions("abc"))
    rules = draw(
        st.lists(
            st.builds(
                Rule,
                conditions("abc"),
                st.sampled_from(["SHOW", "HIDE", "REQUIRE", "UNREQUIRE"]),
                st.lists(st.sampled_from(["d", "e", "f", "south"]), min_size=1, max_size=2).map(tuple),
                st.integers(0, 2),
            ),
            max_size=3,
        )
    )
    form = definition(section("north", *asked[:3], weight="0.5"), section("south", *asked[3:], weight="0.5"))
    sections = (form.sections[0], replace(form.sections[1], visible_if=second))
    return replace(form, sections=sections, rules=tuple(rules))


def naive(form: Definition, answers: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Shown and required, straight from the words of the documentation: questions are in order already."""
    counted: dict[str, Any] = {}
    for part in form.sections:
        for each in part.questions:
            names = ((part.key, part.visible_if), (each.key, each.visible_if))
            if all(is_shown(form, name, own, counted) for name, own in names):
                counted[each.key] = answers.get(each.key)
    required = [
        each.key
        for part in form.sections
        for each in part.questions
        if each.key in counted
        and last_applying(form, {each.key, part.key}, REQUIRING, counted, usually=each.is_required)
    ]
    return list(counted), required


def is_shown(form: Definition, name: str, own: Condition | None, answers: Mapping[str, Any]) -> bool:
    waits = any(rule.action == "SHOW" and name in rule.targets for rule in form.rules)
    usually = holds(own, answers) if own else not waits
    return last_applying(form, {name}, SHOWING, answers, usually=usually)


def last_applying(
    form: Definition,
    names: set[str],
    meaning: Mapping[str, bool],
    answers: Mapping[str, Any],
    *,
    usually: bool,
) -> bool:
    """What the last rule says that applies, in the order of priority, or else what is usual."""
    for rule in sorted(form.rules, key=lambda rule: rule.priority):
        if rule.action in meaning and names & set(rule.targets) and holds(rule.when, answers):
            usually = meaning[rule.action]
    return usually


@FEW
@given(form=forms(), answers=ANSWERS)
def test_the_engine_decides_as_a_naive_reading_does(form: Definition, answers: dict[str, Any]) -> None:
    now = visible(form, answers)
    assert (list(now.shown), sorted(now.required)) == naive(form, answers)
    assert set(now.shown) | set(now.skipped) == set(KEYS)


@FEW
@given(form=forms(), answers=ANSWERS)
def test_the_browser_decides_as_the_server_does(
    browser: Browser, form: Definition, answers: dict[str, Any]
) -> None:
    rules = {name: part for name, part in rules_data(form).items() if name != "fields"}
    found, now = browser(rules=rules, answers=answers), visible(form, answers)
    assert sorted(found["shown"]) == sorted(now.shown)
    assert sorted(found["required"]) == sorted(now.required)


LETTER_ANSWERS = st.dictionaries(st.sampled_from(KEYS), st.sampled_from("ABCDE"))


@FEW
@given(form=forms(), answers=LETTER_ANSWERS)
def test_a_total_stays_within_its_bounds(form: Definition, answers: dict[str, Any]) -> None:
    assert 0 <= score(form, answers).total <= 100


@FEW
@given(form=forms(), answers=LETTER_ANSWERS)
def test_a_hidden_question_counts_neither_as_earned_nor_as_attainable(
    form: Definition, answers: dict[str, Any]
) -> None:
    now = visible(form, answers)
    without = {key: answer for key, answer in answers.items() if key in now.shown}
    assert score(form, without) == score(form, answers)
    attainable = sum(area.attainable for area in points(form, answers).values())
    assert attainable == 25 * len(now.shown)


@FEW
@given(form=forms(), answers=LETTER_ANSWERS, key=st.sampled_from(KEYS))
def test_a_better_answer_never_scores_less_while_the_same_is_shown(
    form: Definition, answers: dict[str, Any], key: str
) -> None:
    better = {**answers, key: "A"}
    if visible(form, better).shown == visible(form, answers).shown:
        assert score(form, better).total >= score(form, answers).total


@FEW
@given(form=forms(), answers=LETTER_ANSWERS)
def test_the_pages_lead_forwards_and_back_again(form: Definition, answers: dict[str, Any]) -> None:
    now = visible(form, answers)
    pages = shown_pages(form, now)
    for page in pages[:-1]:
        following = next_page(form, now, page)
        assert following is not None
        assert previous_page(form, now, following) == page
    assert first_open_page(form, answers) in (pages or (1,))
    assert 0 <= progress(form, answers).percentage <= 100


def test_questions_that_wait_for_one_another_are_a_circle() -> None:
    one = replace(question("one"), visible_if=Condition("two", "eq", "A"))
    two = replace(question("two"), visible_if=Condition("one", "eq", "A"))
    with pytest.raises(Circle) as found:
        visible(definition(section("north", one, two)), {})
    assert set(found.value.keys) == {"one", "two"}


@pytest.mark.parametrize("last", ["REQUIRE", "UNREQUIRE"])
@pytest.mark.parametrize("targets", [("south", "s"), ("s", "south")])
def test_of_a_rule_about_a_question_and_one_about_its_section_the_last_decides(
    browser: Browser, targets: tuple[str, str], last: str
) -> None:
    first = "UNREQUIRE" if last == "REQUIRE" else "REQUIRE"
    rules = [
        Rule(Condition("n", "eq", "A"), action, (target,))
        for action, target in zip((first, last), targets, strict=True)
    ]
    form = replace(
        definition(section("north", question("n")), section("south", question("s"))), rules=tuple(rules)
    )
    data = {name: part for name, part in rules_data(form).items() if name != "fields"}
    for required in (visible(form, {"n": "A"}).required, browser(rules=data, answers={"n": "A"})["required"]):
        assert ("s" in required) is (last == "REQUIRE")


def test_not_knowing_takes_the_question_out_of_the_score() -> None:
    unsure = Option("U", "I don't know", "", None, unknown=True)
    asked = replace(question("n1"), options=(*question("n1").options, unsure))
    form = definition(section("north", asked, question("n2")))
    assert score(form, {"n1": "U", "n2": "A"}).total == 100


def test_rules_outlive_freezing() -> None:
    condition = Condition("a", "in", ["A", "B"], "OR", (Condition("b", "is_empty"),))
    form = replace(
        definition(section("north", question("a"), question("b"), question("c"))),
        rules=(Rule(condition, "HIDE", ("c",), 3),),
    )
    assert parse(json.loads(json.dumps(freeze(form)))) == form
