"""Which questions are shown and which must be answered, with the reasons. Pure.

A question or a section is shown if its own `visible_if` holds. Without one it is shown, unless a SHOW rule
names it: then it waits for that rule. Of the rules whose condition holds, the one with the highest priority
decides, and of equal ones the last. A question is shown only together with its section.

Answers to questions that are not shown count as not given, here and everywhere; they are kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from scorecard.conditions import Condition, Rule, Test, compiled, question_keys
from scorecard.definition import Definition, Question, Section
from scorecard.question_types import TYPES

SHOWING = {"SHOW": True, "HIDE": False}
REQUIRING = {"REQUIRE": True, "UNREQUIRE": False}


@dataclass(frozen=True, slots=True)
class Decision:
    """What decided about a question: `by` is question, section or rule; `rule` its number, from 1."""

    by: str
    holds: bool
    rule: int | None = None
    fields: tuple[str, ...] = ()  # the questions whose answers decided

    @property
    def words(self) -> str:
        """The reason in English, for staff and the API."""
        asked = ", ".join(self.fields)
        if self.by == "rule":
            return f"Rule {self.rule} on {asked}"
        return f"The condition of the {self.by} on {asked} {'holds' if self.holds else 'does not hold'}"


@dataclass(frozen=True, slots=True)
class Visible:
    """`shown` in form order; `skipped` by key, each with its reason."""

    shown: tuple[str, ...]
    required: frozenset[str]
    skipped: Mapping[str, Decision]

    def answers(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The answers that count: to questions that are shown."""
        return {key: answer for key, answer in given.items() if key not in self.skipped}


class Circle(ValueError):
    """Questions that wait for one another, by key."""

    def __init__(self, keys: Collection[str]) -> None:
        super().__init__(" -> ".join(keys))
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class Wait:
    """What decides whether a question or section is shown: its condition, and rules with their numbers."""

    condition: Condition | None
    rules: tuple[tuple[int, Rule], ...]  # in the order in which later ones win

    @property
    def fields(self) -> frozenset[str]:
        conditions = [rule.when for _, rule in self.rules] + ([self.condition] if self.condition else [])
        return frozenset(key for condition in conditions for key in question_keys(condition))


@dataclass(frozen=True, slots=True)
class Gate:
    """A wait, ready to be asked: of the rules the winning ones first, each with what it decides."""

    rules: tuple[tuple[Test, Decision | None], ...]  # None: shown
    test: Test | None
    unless: Decision | None  # what holds if the condition does not, or, without one, if no rule applies

    def hides(self, answers: Mapping[str, Any]) -> Decision | None:
        """What hides it, None if it is shown."""
        for test, decision in self.rules:
            if test(answers):
                return decision
        return None if self.test and self.test(answers) else self.unless


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """What the rules of a definition come to: the order of deciding, and what decides."""

    order: tuple[tuple[Question, Section], ...]
    waits: Mapping[str, Wait]  # of questions and sections that are not always shown
    demands: Mapping[str, tuple[tuple[int, Rule], ...]]  # REQUIRE and UNREQUIRE rules by question
    gates: Mapping[str, Gate]  # the waits, ready to be asked
    needs: Mapping[str, tuple[tuple[Test, bool], ...]]  # the demands, the winning ones first
    flat: Visible | None  # the answer for all, of a definition without rules


def visible(definition: Definition, answers: Mapping[str, Any]) -> Visible:
    """Decide about every question. Raises Circle for questions that wait for one another."""
    plan = plan_of(definition)
    if plan.flat:
        return plan.flat
    counted: dict[str, Any] = {}  # the answers to questions that are shown
    skipped: dict[str, Decision] = {}
    sections: dict[str, Decision | None] = {}  # decided with the first question of each
    for question, section in plan.order:
        key = question.key
        if section.key not in sections:
            sections[section.key] = hidden_by(plan, section_name(section), counted)
        hidden = sections[section.key] or hidden_by(plan, key, counted)
        if hidden:
            skipped[key] = hidden
        elif key in answers:
            counted[key] = answers[key]
    shown = tuple(key for key in definition.questions if key not in skipped)
    required = frozenset(
        key for key in shown if is_required(definition.questions[key], plan.needs.get(key, ()), counted)
    )
    in_order = {key: skipped[key] for key in definition.questions if key in skipped} if skipped else {}
    return Visible(shown, required, in_order)


def reason_to_hide(
    plan: DecisionPlan, question: Question, section: Section, answers: Mapping[str, Any]
) -> Decision | None:
    """What hides a question, None if it is shown."""
    return hidden_by(plan, section_name(section), answers) or hidden_by(plan, question.key, answers)


def hidden_by(plan: DecisionPlan, name: str, answers: Mapping[str, Any]) -> Decision | None:
    gate = plan.gates.get(name)
    return gate.hides(answers) if gate else None


def gate_of(by: str, wait: Wait) -> Gate:
    decided = [
        (compiled(rule.when), None if SHOWING[rule.action] else decision_of(number, rule))
        for number, rule in reversed(wait.rules)
    ]
    unless = None
    if wait.condition:
        unless = Decision(by, False, None, tuple(question_keys(wait.condition)))
    elif showing := [(number, rule) for number, rule in wait.rules if rule.action == "SHOW"]:
        unless = decision_of(*showing[-1])
    return Gate(tuple(decided), compiled(wait.condition) if wait.condition else None, unless)


def decision_of(number: int, rule: Rule) -> Decision:
    return Decision("rule", False, number, tuple(question_keys(rule.when)))


def is_required(question: Question, needs: Collection[tuple[Test, bool]], answers: Mapping[str, Any]) -> bool:
    for test, required in needs:
        if test(answers):
            return required
    return question.is_required


def missing(definition: Definition, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of the required questions that are shown and not answered in full, in form order."""
    now = visible(definition, answers)
    return tuple(
        key for key in now.shown if key in now.required and not is_answered(definition, key, answers)
    )


def is_answered(definition: Definition, key: str, answers: Mapping[str, Any]) -> bool:
    question, answer = definition.questions[key], answers.get(key)
    if question.type not in TYPES:
        return answer is not None
    return TYPES[question.type].is_complete(question, answer)


def plan_of(definition: Definition) -> DecisionPlan:
    """The plan, made once for each definition. Raises Circle."""
    if "plan" not in definition.memo:
        definition.memo["plan"] = make_plan(definition)
    plan: DecisionPlan = definition.memo["plan"]
    return plan


def make_plan(definition: Definition) -> DecisionPlan:
    by_target = rules_by_target(definition)
    waits: dict[str, Wait] = {}
    demands: dict[str, tuple[tuple[int, Rule], ...]] = {}
    pairs = [(question, section) for section in definition.sections for question in section.questions]
    conditions = {section_name(section): section.visible_if for section in definition.sections}
    conditions |= {question.key: question.visible_if for question, _ in pairs}
    for name, condition in conditions.items():
        rules = by_target.get(name, ())
        showing = tuple((number, rule) for number, rule in rules if rule.action in SHOWING)
        if condition or showing:
            waits[name] = Wait(condition, showing)
        if requiring := tuple((number, rule) for number, rule in rules if rule.action in REQUIRING):
            demands[name] = requiring
    for question, section in pairs:
        if section_name(section) in demands:  # a rule about a section is about each of its questions
            both = (*demands[section_name(section)], *demands.get(question.key, ()))
            demands[question.key] = tuple(sorted(both, key=lambda item: (item[1].priority, item[0])))
    plan = DecisionPlan(
        dependency_order(pairs, waits),
        waits,
        demands,
        {
            name: gate_of("section" if name.startswith("section ") else "question", waits[name])
            for name in waits
        },
        {
            key: tuple((compiled(rule.when), REQUIRING[rule.action]) for _, rule in reversed(rules))
            for key, rules in demands.items()
        },
        None,
    )
    if waits or demands:
        return plan
    always = Visible(
        tuple(definition.questions),
        frozenset(key for key, question in definition.questions.items() if question.is_required),
        {},
    )
    return replace(plan, flat=always)


def rules_by_target(definition: Definition) -> dict[str, list[tuple[int, Rule]]]:
    """Rules with their numbers, by question key or section name, the winning ones last."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for number, rule in sorted(enumerate(definition.rules, 1), key=lambda item: item[1].priority):
        for target in rule.targets:
            name = target if target in definition.questions else f"section {target}"
            found.setdefault(name, []).append((number, rule))
    return found


def section_name(section: Section) -> str:
    """A name that no question has: sections and questions may share a key."""
    return f"section {section.key}"


def dependency_order(
    pairs: Collection[tuple[Question, Section]], waits: Mapping[str, Wait]
) -> tuple[tuple[Question, Section], ...]:
    """The questions so that each comes after those whose answers decide about it. Raises Circle."""
    needs = {
        question.key: {
            key
            for name in (section_name(section), question.key)
            if name in waits
            for key in waits[name].fields
        }
        for question, section in pairs
    }
    ready: dict[str, None] = {}
    for start in needs:
        resolve_order(start, needs, ready)
    by_key = {question.key: (question, section) for question, section in pairs}
    return tuple(by_key[key] for key in ready)


def resolve_order(start: str, needs: Mapping[str, Collection[str]], ready: dict[str, None]) -> None:
    """Add a question to `ready` after all that it needs, depth first without recursion. Raises Circle."""
    path: dict[str, list[str]] = {}
    stack = [start]
    while stack:
        key = stack[-1]
        if key in ready or key not in needs:
            stack.pop()
            continue
        todo = path.setdefault(key, sorted(needs[key]))
        if not todo:
            ready[key] = None
            del path[key]
            stack.pop()
            continue
        following = todo.pop(0)
        if following in path:
            circle = list(path)
            raise Circle([*circle[circle.index(following) :], following])
        stack.append(following)
