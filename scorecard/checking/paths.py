"""Questions that nobody reaches, required ones that stay hidden, rules that contradict one another. Pure."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from scorecard.adaptive.checks import all_conditions
from scorecard.checking.findings import Found, Severity, question_paths
from scorecard.checking.situations import Situations
from scorecard.conditions import Rule, holds, question_keys
from scorecard.definition import Definition, Question
from scorecard.problems import Listing, Words
from scorecard.question_types import TYPES
from scorecard.visibility import REQUIRING, section_name

MOST_PAIRS = 2_000  # of rules that are compared


def path_findings(definition: Definition) -> Found:
    """For a definition whose conditions ask about what exists and form no circle."""
    situations = Situations(definition)
    yield from _questions(definition, situations)
    yield from _conditions(definition, situations)
    yield from _contradictions(definition, situations)


def _questions(definition: Definition, situations: Situations) -> Found:
    """Questions that no answer shows, and required ones that are not for everybody."""
    paths = question_paths(definition)
    for question, section in situations.plan.order:
        if not {question.key, section_name(section)} & situations.plan.waits.keys():
            continue
        keys = situations.basis([question.key])
        shown, hidden = _first_of_each(question, situations, keys)
        if shown is None:
            exact = situations.is_exact(keys)
            words = (
                Words("is never shown, whatever is answered")
                if exact
                else Words("was not shown by any answers tried")
            )
            yield (Severity.ERROR if exact else Severity.WARNING), paths[question.key], words
            if question.is_required:
                yield (
                    Severity.WARNING,
                    (*paths[question.key], "required"),
                    Words("is required and hidden for good"),
                )
        elif hidden is not None and (question.is_required or question.key in _demanded(situations)):
            yield (
                Severity.WARNING,
                (*paths[question.key], "required"),
                Words(
                    "is required but can stay hidden for good: %(example)s",
                    example=in_words(definition, hidden),
                ),
            )


def _demanded(situations: Situations) -> set[str]:
    return {
        key
        for key, rules in situations.plan.demands.items()
        if any(rule.action == "REQUIRE" for _, rule in rules)
    }


def _first_of_each(
    question: Question, situations: Situations, keys: tuple[str, ...]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Answers with which it is shown, and answers with which it is not."""
    shown: Mapping[str, Any] | None = None
    hidden: Mapping[str, Any] | None = None
    for given in situations.of(keys):
        counted, seen = situations.counted(keys, given)
        if question.key in seen:
            shown = counted if shown is None else shown
        elif hidden is None or not hidden:  # some answers tell more than none
            hidden = counted
        if shown is not None and hidden:
            break
    return shown, hidden


def _conditions(definition: Definition, situations: Situations) -> Found:
    """Rules that never apply. Conditions of questions and sections are told as unreachable questions."""
    for path, condition in all_conditions(definition):
        if path[-1] == "visible_if":
            continue
        keys = situations.basis(question_keys(condition))
        if not situations.is_exact(keys):
            continue
        if not any(holds(condition, situations.counted(keys, given)[0]) for given in situations.of(keys)):
            yield Severity.WARNING, path, Words("never holds, whatever is answered")


def _contradictions(definition: Definition, situations: Situations) -> Found:
    """Rules of one priority that say opposite things about one target at once."""
    for (earlier, one), (later, other) in _opposite_pairs(definition):
        about = Listing(sorted(set(one.targets) & set(other.targets)))
        path = ("rules", later - 1)
        if one.when == other.when:
            yield (
                Severity.ERROR,
                path,
                Words(
                    "contradicts rule %(earlier)s about %(about)s: both have the same condition",
                    earlier=earlier,
                    about=about,
                ),
            )
            continue
        keys = situations.basis((*question_keys(one.when), *question_keys(other.when)))
        for given in situations.of(keys):
            counted, _ = situations.counted(keys, given)
            if holds(one.when, counted) and holds(other.when, counted):
                words = Words(
                    "contradicts rule %(earlier)s about %(about)s (%(example)s): "
                    "the later one, %(later)s, wins",
                    earlier=earlier,
                    about=about,
                    example=in_words(definition, counted),
                    later=later,
                )
                yield Severity.WARNING, path, words
                break


def _opposite_pairs(definition: Definition) -> Iterator[tuple[tuple[int, Rule], tuple[int, Rule]]]:
    by_target: dict[tuple[str, int, bool], list[tuple[int, Rule]]] = {}
    for number, rule in enumerate(definition.rules, 1):
        for target in rule.targets:
            kind = rule.action in REQUIRING
            by_target.setdefault((target, rule.priority, kind), []).append((number, rule))
    seen: set[tuple[int, int]] = set()
    for rules in by_target.values():
        for one, other in combinations(rules, 2):
            if len(seen) >= MOST_PAIRS:
                return
            if one[1].action != other[1].action and (one[0], other[0]) not in seen:
                seen.add((one[0], other[0]))
                yield one, other


def in_words(definition: Definition, answers: Mapping[str, Any]) -> Words:
    """Answers as an example: `tested = Never., people = 3`."""
    if not answers:
        return Words("without an answer")
    given = (
        Words("%(key)s = %(answer)s", key=key, answer=_answer_in_words(definition.questions[key], answer))
        for key, answer in answers.items()
    )
    return Words("for example with %(answers)s", answers=Listing(given))


def _answer_in_words(question: Question, answer: Any) -> str:
    if question.type not in TYPES or question.type == "FILE_UPLOAD":
        return Words("an answer")
    return TYPES[question.type].in_words(question, answer)
