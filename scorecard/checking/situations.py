"""Situations of respondents: what is shown for each combination of the answers that matter. Pure.

Questions that a decision depends on, directly or through others, are its basis. All combinations of their
candidate answers are tried while there are few; of many, some at random, always the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from random import Random
from typing import Any

from scorecard.adaptive.checks import all_conditions
from scorecard.checking.candidates import Candidates, candidates
from scorecard.conditions import Condition
from scorecard.definition import Definition
from scorecard.visibility import DecisionPlan, plan_of, reason_to_hide, section_name

MOST_SITUATIONS = 3_000  # for one decision
MOST_STEPS = 60_000  # questions that are decided about for it


@dataclass(frozen=True)
class Situations:
    definition: Definition

    @cached_property
    def plan(self) -> DecisionPlan:
        return plan_of(self.definition)

    @cached_property
    def candidates(self) -> Mapping[str, Candidates]:
        """Candidate answers of the questions that conditions ask about."""
        asked: dict[str, list[Condition]] = {}
        for _, condition in all_conditions(self.definition):
            for each in comparisons(condition):
                asked.setdefault(each.field.partition(".")[0], []).append(each)
        questions = self.definition.questions
        return {key: candidates(questions[key], found) for key, found in asked.items() if key in questions}

    def basis(self, keys: Iterable[str]) -> tuple[str, ...]:
        """`keys` and the questions that decide whether they are shown, in the order of deciding."""
        found: set[str] = set()
        todo = [key for key in keys if key in self.definition.questions]
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo.extend(self.needs.get(key, ()))
        return tuple(question.key for question, _ in self.plan.order if question.key in found)

    @cached_property
    def needs(self) -> Mapping[str, frozenset[str]]:
        return {
            question.key: frozenset(
                key
                for name in (section_name(section), question.key)
                if name in self.plan.waits
                for key in self.plan.waits[name].fields
            )
            for question, section in self.plan.order
        }

    def is_exact(self, keys: tuple[str, ...]) -> bool:
        """Whether `of` goes through all that can be."""
        among = [self.candidates[key] for key in keys if key in self.candidates]
        return all(each.is_exact for each in among) and self.number(keys) <= most_situations(keys)

    def number(self, keys: tuple[str, ...]) -> int:
        return prod(len(self.candidates[key].answers) for key in keys if key in self.candidates)

    def of(self, keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The answers given in each situation, by key."""
        asked = [key for key in keys if key in self.candidates]
        choices = [self.candidates[key].answers for key in asked]
        found: Iterable[tuple[Any, ...]] = product(*choices)
        most = most_situations(keys)
        if self.number(keys) > most:
            random = Random(0)  # noqa: S311  # the same at each check
            found = (tuple(map(random.choice, choices)) for _ in range(most))
        for answers in found:
            yield {key: answer for key, answer in zip(asked, answers, strict=True) if answer is not None}

    def counted(self, keys: tuple[str, ...], given: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
        """The answers to those of `keys` that are shown, and which are shown."""
        counted: dict[str, Any] = {}
        shown: set[str] = set()
        for question, section in self.order(keys):
            if reason_to_hide(self.plan, question, section, counted) is None:
                shown.add(question.key)
                if question.key in given:
                    counted[question.key] = given[question.key]
        return counted, shown

    def order(self, keys: tuple[str, ...]) -> list[Any]:
        return [self.places[key] for key in keys]

    @cached_property
    def places(self) -> Mapping[str, Any]:
        return {question.key: (question, section) for question, section in self.plan.order}


def most_situations(keys: tuple[str, ...]) -> int:
    return min(MOST_SITUATIONS, MOST_STEPS // max(len(keys), 1))


def comparisons(condition: Condition) -> Iterator[Condition]:
    """The comparisons of a condition, each for itself."""
    yield condition
    for nested in condition.nested:
        yield from comparisons(nested)
