"""The difference of two definitions in words: what was added, removed, moved or changed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scorecard.definition import Definition, freeze
from scorecard.editing.wording import condition_in_words, rule_in_words, visibility_in_words
from scorecard.problems import Path, path_in_words

WORDS = {
    "text": "wording",
    "is_required": "required",
    "logical_op": "logicalOp",
    "visible_if": "condition",
    "shared_areas": "areas",
    "is_personal": "personal",
}
NAMES = ("key", "id", "level", "language")  # what identifies the items of a list
CONDITIONS = ("visible_if", "when", "skip_if")
MOST = 160  # characters of a text that are shown


@dataclass(frozen=True, slots=True)
class Difference:
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class _Side:
    definition: Definition
    document: Mapping[str, Any]

    def place(self, path: Path) -> str:
        return path_in_words(self.document, path)


def differences(before: Definition, after: Definition) -> list[Difference]:
    """Every difference, in the order of the later definition; [] for equal ones."""
    sides = _Side(before, freeze(before)), _Side(after, freeze(after))
    return list(_mappings(*sides, (), (), *(dict(side.document) for side in sides)))


def _mappings(
    old: _Side, new: _Side, was: Path, now: Path, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) == after.get(name):
            continue
        if name == "rules":
            yield from _rules(old, new)
            continue
        yield from _values(old, new, (*was, name), (*now, name), before.get(name), after.get(name))


def _values(old: _Side, new: _Side, was: Path, now: Path, before: Any, after: Any) -> Iterator[Difference]:
    name = now[-1]
    if name in CONDITIONS:
        yield Difference(new.place(now[:-1]), _condition(old, new, was, now))
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _mappings(old, new, was, now, before, after)
    elif _named(before) and _named(after) and (before or after):
        yield from _lists(old, new, was, now, before or [], after or [])
    else:
        label = WORDS.get(str(name), str(name).replace("_", " "))
        yield Difference(new.place(now[:-1]), _changed(label, before, after))


def _named(value: Any) -> bool:
    """Whether it is a list, or nothing, whose items have names."""
    if value is None:
        return True
    return isinstance(value, list) and all(isinstance(item, Mapping) and _name(item) for item in value)


def _name(item: Mapping[str, Any]) -> str:
    return next((str(item[name]) for name in NAMES if name in item), "")


def _lists(
    old: _Side, new: _Side, was: Path, now: Path, before: list[Any], after: list[Any]
) -> Iterator[Difference]:
    earlier = {_name(item): number for number, item in enumerate(before)}
    later = {_name(item): number for number, item in enumerate(after)}
    for name, number in earlier.items():
        if name not in later:
            yield Difference(old.place((*was, number)), f"removed{_title(before[number])}")
    for name, number in later.items():
        if name not in earlier:
            yield Difference(new.place((*now, number)), f"added{_title(after[number])}")
            continue
        here, there = (*was, earlier[name]), (*now, number)
        yield from _mappings(old, new, here, there, before[earlier[name]], after[number])
    stayed = [name for name in earlier if name in later]
    if stayed != [name for name in later if name in earlier]:
        order = ", ".join(name for name in later if name in earlier)
        yield Difference(new.place(now[:-1]), f"order of {str(now[-1]).replace('_', ' ')} is now {order}")


def _title(item: Mapping[str, Any]) -> str:
    words = item.get("text") or item.get("label") or item.get("name") or item.get("title")
    return f" {_shown(words)}" if words else ""


def _rules(old: _Side, new: _Side) -> Iterator[Difference]:
    """Rules have no names: those that are gone, and those that are new."""
    before = [rule_in_words(old.definition, rule) for rule in old.definition.rules]
    after = [rule_in_words(new.definition, rule) for rule in new.definition.rules]
    yield from (Difference("rules", f"removed: {words}") for words in before if words not in after)
    yield from (Difference("rules", f"added: {words}") for words in after if words not in before)
    stayed = [words for words in before if words in after]
    if stayed != [words for words in after if words in before]:
        yield Difference("rules", "the order changed")


def _condition(old: _Side, new: _Side, was: Path, now: Path) -> str:
    from_words, to_words = (_condition_words(side, path) for side, path in ((old, was), (new, now)))
    return f"condition changed from {from_words} to {to_words}"


def _condition_words(side: _Side, path: Path) -> str:
    found: Any = side.definition
    for step in path:
        found = found[step] if isinstance(step, int) else getattr(found, step, None)
        if found is None:
            return "nothing"
    if path[-1] == "visible_if":
        return _shown(visibility_in_words(side.definition, found))
    return _shown(condition_in_words(side.definition, found))


def _changed(label: str, before: Any, after: Any) -> str:
    if before in (None, "", [], {}):
        return f"{label} is now {_shown(after)}"
    if after in (None, "", [], {}):
        return f"{label} {_shown(before)} was removed"
    return f"{label} changed from {_shown(before)} to {_shown(after)}"


def _shown(value: Any) -> str:
    """A value in words, texts in quotation marks."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_shown(item) for item in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
    if not isinstance(value, str):
        return str(value)
    return f"“{value if len(value) <= MOST else value[: MOST - 1] + '…'}”"
