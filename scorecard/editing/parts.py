"""The parts of a questionnaire document that are edited by themselves, each by its kind and key.

("texts", "")            the questionnaire's own fields
("section", KEY)  ("question", KEY)  ("area", KEY)  ("band", KEY)
("option", QUESTION-ID)  an option of a question: its advice
("rule", NUMBER)         from 1
("translation", CODE)
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Values = dict[str, Any]

WITHIN = {"section": ("questions", "rules"), "texts": ("sections", "areas", "bands", "rules", "translations")}
LISTS = {"section": "sections", "area": "areas", "band": "bands", "rule": "rules"}


class NoSuchPart(LookupError):
    """The document has no part of this kind with this key: somebody removed it."""


@dataclass(frozen=True, slots=True)
class Place:
    kind: str
    key: str = ""


def siblings(document: Document, place: Place) -> list[Values]:
    """The list in which the part stands. Raises NoSuchPart."""
    if place.kind in LISTS:
        found: list[Values] = document.setdefault(LISTS[place.kind], [])
        return found
    if place.kind == "option":
        options: list[Values] = part_at(document, Place("question", place.key.partition("-")[0])).get(
            "options", []
        )
        return options
    for section in document["sections"]:
        questions: list[Values] = section["questions"]
        if any(question["key"] == place.key for question in questions):
            return questions
    raise NoSuchPart(place)


def index_of(items: list[Values], place: Place) -> int:
    """Raises NoSuchPart."""
    if place.kind == "rule":
        number = int(place.key) - 1 if place.key.isdecimal() else -1
        if 0 <= number < len(items):
            return number
    else:
        name, key = ("id", place.key.partition("-")[2]) if place.kind == "option" else ("key", place.key)
        for number, item in enumerate(items):
            if item[name] == key:
                return number
    raise NoSuchPart(place)


def part_at(document: Document, place: Place) -> Values:
    """The part itself, to be read or changed. Raises NoSuchPart."""
    if place.kind == "texts":
        return document
    if place.kind == "translation":
        texts: Values = document.setdefault("translations", {}).setdefault(place.key, {})
        return texts
    items = siblings(document, place)
    return items[index_of(items, place)]


def own_values(part: Values, place: Place) -> Values:
    """The part without what is edited elsewhere."""
    left_out = WITHIN.get(place.kind, ())
    return {name: value for name, value in part.items() if name not in left_out}


def revision(document: Document, place: Place) -> str:
    """A hash of the part: differs when somebody changed it. '' if it is gone."""
    try:
        values = own_values(part_at(document, place), place)
    except NoSuchPart:
        return ""
    return hash_of(values)


def hash_of(values: Mapping[str, Any]) -> str:
    """A hash of a part, or of the whole document."""
    written = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def move(document: Document, place: Place, to: int) -> None:
    """Move the part to another index of its list; past an end stays at the end. Raises NoSuchPart."""
    items = siblings(document, place)
    part = items.pop(index_of(items, place))
    items.insert(max(0, min(to, len(items))), part)


def move_by(document: Document, place: Place, steps: int) -> None:
    """Move the part up (-1) or down (1). A question goes on into the next section. Raises NoSuchPart."""
    items = siblings(document, place)
    at = index_of(items, place)
    sections = document["sections"]
    if place.kind == "question" and not 0 <= at + steps < len(items):
        here = next(number for number, section in enumerate(sections) if section["questions"] is items)
        if 0 <= here + steps < len(sections):
            neighbour = sections[here + steps]["questions"]
            neighbour.insert(len(neighbour) if steps < 0 else 0, items.pop(at))
        return
    move(document, place, at + steps)


def remove(document: Document, place: Place) -> None:
    """Raises NoSuchPart."""
    if place.kind == "translation":
        document.get("translations", {}).pop(place.key, None)
        return
    items = siblings(document, place)
    del items[index_of(items, place)]


def add(document: Document, place: Place, values: Mapping[str, Any], *, section: str = "") -> None:
    """Append a new part; a question to its section. Raises NoSuchPart."""
    if place.kind == "question":
        part_at(document, Place("section", section))["questions"].append(dict(values))
    else:
        document.setdefault(LISTS[place.kind], []).append(dict(values))
