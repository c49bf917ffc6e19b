"""The difference of two definitions in words: what was added, removed, moved or changed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scorecard.definition import Definition, freeze
from scorecard.editing.wording import condition_in_words, quoted, rule_in_words, visibility_in_words
from scorecard.problems import FIELDS, Listing, Path, Words, path_in_words

WORDS = {
    "text": Words("wording"),
    "is_required": Words("required"),
    "logical_op": Words("logicalOp"),
    "visible_if": Words("condition"),
    "shared_areas": Words("areas"),
    "is_personal": Words("personal"),
    "help_text": Words("help text"),
    "call_to_action": Words("call to action"),
    "estimated_time": Words("estimated time"),
    "action_items": Words("action items"),
    "next_steps": Words("next steps"),
    "min_score": Words("min score"),
    "max_score": Words("max score"),
    "skip_if": Words("condition"),
}
NAMES = ("key", "id", "level", "language")  # what identifies the items of a list
CONDITIONS = ("visible_if", "when", "skip_if")
RULES = Words("rules")
MOST = 160  # characters of a text that are shown


@dataclass(frozen=True, slots=True)
class Difference:
    place: Words
    text: Words

    @property
    def words(self) -> Words:
        return Words("%(place)s: %(text)s", place=self.place, text=self.text)

    def __str__(self) -> str:
        return str(self.words)


@dataclass(frozen=True, slots=True)
class _Side:
    definition: Definition
    document: Mapping[str, Any]

    def place(self, path: Path) -> Words:
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
        yield Difference(new.place(now[:-1]), _changed(label_of(name), before, after))


def label_of(name: str | int) -> Words:
    """What a field is called."""
    field = str(name)
    return WORDS.get(field) or Words(str(FIELDS.get(field, field)).replace("_", " "))


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
            yield Difference(old.place((*was, number)), _with_title(REMOVED, before[number]))
    for name, number in later.items():
        if name not in earlier:
            yield Difference(new.place((*now, number)), _with_title(ADDED, after[number]))
            continue
        here, there = (*was, earlier[name]), (*now, number)
        yield from _mappings(old, new, here, there, before[earlier[name]], after[number])
    stayed = [name for name in earlier if name in later]
    if stayed != [name for name in later if name in earlier]:
        order = Listing(name for name in later if name in earlier)
        words = Words("order of %(field)s is now %(order)s", field=label_of(now[-1]), order=order)
        yield Difference(new.place(now[:-1]), words)


ADDED, REMOVED = Words("added %(title)s"), Words("removed %(title)s")


def _with_title(words: Words, item: Mapping[str, Any]) -> Words:
    title = item.get("text") or item.get("label") or item.get("name") or item.get("title")
    if title:
        return words.having(title=_shown(title))
    return Words("added") if words is ADDED else Words("removed")


def _rules(old: _Side, new: _Side) -> Iterator[Difference]:
    """Rules have no names: those that are gone, and those that are new."""
    before = [rule_in_words(old.definition, rule) for rule in old.definition.rules]
    after = [rule_in_words(new.definition, rule) for rule in new.definition.rules]
    removed, added = Words("removed: %(rule)s"), Words("added: %(rule)s")
    yield from (Difference(RULES, removed.having(rule=words)) for words in before if words not in after)
    yield from (Difference(RULES, added.having(rule=words)) for words in after if words not in before)
    stayed = [words for words in before if words in after]
    if stayed != [words for words in after if words in before]:
        yield Difference(RULES, Words("the order changed"))


def _condition(old: _Side, new: _Side, was: Path, now: Path) -> Words:
    before, after = (_condition_words(side, path) for side, path in ((old, was), (new, now)))
    return Words("condition changed from %(before)s to %(after)s", before=before, after=after)


def _condition_words(side: _Side, path: Path) -> Words:
    found: Any = side.definition
    for step in path:
        found = found[step] if isinstance(step, int) else getattr(found, step, None)
        if found is None:
            return Words("nothing")
    if path[-1] == "visible_if":
        return _shown(visibility_in_words(side.definition, found))
    return _shown(condition_in_words(side.definition, found))


def _changed(label: Words, before: Any, after: Any) -> Words:
    if before in (None, "", [], {}):
        return Words("%(field)s is now %(after)s", field=label, after=_shown(after))
    if after in (None, "", [], {}):
        return Words("%(field)s %(before)s was removed", field=label, before=_shown(before))
    words = Words("%(field)s changed from %(before)s to %(after)s")
    return words.having(field=label, before=_shown(before), after=_shown(after))


def _shown(value: Any) -> Words:
    """A value in words, texts in quotation marks."""
    if isinstance(value, bool):
        return Words("yes") if value else Words("no")
    if isinstance(value, list):
        return Listing(map(_shown, value), ";")
    if isinstance(value, Mapping):
        pairs = value.items()
        return Listing(
            Words("%(field)s %(value)s", field=label_of(key), value=_shown(it)) for key, it in pairs
        )
    return quoted(value, MOST) if isinstance(value, str) else Words(str(value))
