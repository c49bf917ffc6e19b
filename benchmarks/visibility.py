"""Milliseconds of what rules cost: what is shown, the score, and a save beside a flat one.

Everything is computed in this process, without a database: what a save does besides its statements. Processor
time, the median of many turns, flat and ruled ones in turns.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assessments.lifecycle.answer_validation import validate
from scorecard.adaptive.paging import adaptive_state, progress
from scorecard.conditions import Condition, Rule
from scorecard.definition import Band, Definition, Option, Question, Section
from scorecard.scoring import score
from scorecard.visibility import visible

SIZES = {16: 32, 100: 200, 500: 1000}  # questions -> rules
PER_PAGE = 20
ACTIONS = ("SHOW", "HIDE", "REQUIRE", "UNREQUIRE")
OPTIONS = tuple(Option(id, f"Answer {id}", "", points) for id, points in (("A", 25), ("B", 10), ("C", 0)))
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds."""

    decide: float
    rate: float
    save: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=40)
    turns = parser.parse_args().turns
    print("questions  rules   visible    score     save")
    for questions, rules in SIZES.items():
        flat, ruled = (asked(questions, number) for number in (0, rules))
        without, with_rules = measured(flat, turns), measured(ruled, turns)
        for number, found in ((0, without), (rules, with_rules)):
            row = (found.decide, found.rate, found.save)
            print(f"{questions:9}  {number:5}  " + "  ".join(f"{value:5.2f} ms" for value in row))
        print(f"           a save costs {with_rules.save - without.save:.2f} ms more")


def asked(questions: int, rules: int) -> Definition:
    """Pages of single choices, all of one area, and rules on earlier answers about later questions."""
    keys = [f"q{number}" for number in range(questions)]
    pages = [keys[start : start + PER_PAGE] for start in range(0, questions, PER_PAGE)]
    return Definition(
        key="many",
        name="Many",
        description="",
        estimated_time=60,
        sections=tuple(page_of(number, page, len(pages)) for number, page in enumerate(pages)),
        bands=(Band("all", "All", 0, 100, "", ()),),
        rules=tuple(rule_of(number, keys) for number in range(rules)),
    )


def page_of(number: int, keys: list[str], pages: int) -> Section:
    questions = tuple(Question(key, "?", "", "", "SINGLE_CHOICE", True, OPTIONS) for key in keys)
    weight = Decimal(1) / pages
    return Section(f"page{number}", "Page", "", weight, questions, ())


def rule_of(number: int, keys: list[str]) -> Rule:
    """Two comparisons, joined in turns by AND and OR; a target later than both, so that no circle arises."""
    target = 2 + number % (len(keys) - 2)
    first, second = keys[number * 7 % target], keys[number * 3 % target]
    nested = (Condition(second, "in", ["A", "B"]),)
    condition = Condition(first, "ne" if number % 3 else "eq", "C", ("AND", "OR")[number % 2], nested)
    return Rule(condition, ACTIONS[number % len(ACTIONS)], (keys[target],), priority=number % 5)


def measured(definition: Definition, turns: int) -> Figures:
    answers = {key: "ABC"[number % 3] for number, key in enumerate(definition.questions)}
    last = list(definition.questions)[-1]
    before = {key: answer for key, answer in answers.items() if key != last}
    state = adaptive_state(definition, {}, before, {})
    visible(definition, answers)  # the plan is made once for each version
    return Figures(
        milliseconds(lambda: visible(definition, answers), turns),
        milliseconds(lambda: score(definition, answers), turns),
        milliseconds(lambda: save(definition, before, {last: answers[last]}, state), turns),
    )


def save(definition: Definition, before: Answers, sent: Answers, state: Answers) -> None:
    """What a save computes: valid answers, what they open, and how far that is."""
    after = validate(definition, sent).merged_into(before)
    now = visible(definition, after)
    adaptive_state(definition, before, after, state, now)
    progress(definition, after, now)


def milliseconds(act: Callable[[], object], turns: int) -> float:
    took = []
    for _ in range(turns):
        start = time.process_time()
        act()
        took.append((time.process_time() - start) * 1000)
    return statistics.median(took)


if __name__ == "__main__":
    main()
