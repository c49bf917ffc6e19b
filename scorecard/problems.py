"""Validation errors of a questionnaire, located by path in the author's terms. Pure.

What they say is English, and can be said in another language: `Words`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any, Self, cast

Path = tuple[str | int, ...]  # path into a document: ("sections", 0, "questions", 3, "text")

WORD = re.compile(r"[\w-]{1,50}")
Gettext = Callable[[str], str]


class Words(str):
    """A sentence in English that can be said in another language: marked words, and what fills them in.

    Values that are Words themselves are translated as well.
    """

    marked: str
    values: dict[str, object]

    def __new__(cls, marked: str, /, **values: object) -> Self:
        made = super().__new__(cls, marked % values if values else marked)
        made.marked, made.values = str(marked), values
        return made

    def said(self, gettext: Gettext) -> str:
        """The sentence in the language of `gettext`."""
        sentence = gettext(self.marked) if self.marked else ""
        filled = {name: said(value, gettext) for name, value in self.values.items()}
        return sentence % filled if filled else sentence

    def having(self, **values: object) -> "Words":
        """The same sentence with other values."""
        return Words(self.marked, **(self.values | values))


class Listing(Words):
    """Several in a row, with a comma, a semicolon or a word between them."""

    parts: tuple[object, ...]
    between: str

    def __new__(cls, parts: Iterable[object], between: str = ",") -> Self:
        given = tuple(parts)
        made = super().__new__(cls, in_a_row(map(str, given), between))
        made.parts, made.between = given, between
        return made

    def said(self, gettext: Gettext) -> str:
        return in_a_row((said(part, gettext) for part in self.parts), said(self.between, gettext))


def in_a_row(parts: Iterable[str], between: str) -> str:
    return (f"{between} " if between in (",", ";") else f" {between} ").join(parts)


def said(value: object, gettext: Gettext) -> str:
    """Words in the language of `gettext`; any other value as it is."""
    return value.said(gettext) if isinstance(value, Words) else str(value)


SINGULAR = {
    "sections": Words("section %(name)s"),
    "questions": Words("question %(name)s"),
    "options": Words("option %(name)s"),
    "rows": Words("row %(name)s"),
    "columns": Words("column %(name)s"),
    "rules": Words("rule %(name)s"),
    "areas": Words("area %(name)s"),
    "nested": Words("nested condition %(name)s"),
    "targets": Words("target %(name)s"),
    "recommendations": Words("recommendation %(name)s"),
    "bands": Words("band %(name)s"),
    "translations": Words("translation %(name)s"),
    "action_items": Words("action item %(name)s"),
    "next_steps": Words("next step %(name)s"),
}
FIELDS = {  # as the files call them
    str(field): field
    for field in (
        *(Words("text"), Words("label"), Words("name"), Words("title"), Words("description"), Words("key")),
        *(Words("help_text"), Words("explanation"), Words("placeholder"), Words("descriptions")),
        *(Words("advice"), Words("message"), Words("link"), Words("call_to_action"), Words("headline")),
        *(Words("landing"), Words("result"), Words("consents"), Words("follow_up"), Words("marketing")),
        *(
            Words("for_whom"),
            Words("about"),
            Words("benefits"),
            Words("start"),
            Words("color"),
            Words("icon"),
        ),
        *(Words("estimated_time"), Words("language"), Words("industry"), Words("tags"), Words("weight")),
        *(Words("type"), Words("required"), Words("personal"), Words("scored"), Words("points"), Words("id")),
        *(Words("default"), Words("suggested"), Words("value"), Words("reason"), Words("validation")),
        *(Words("scale"), Words("labels"), Words("levels"), Words("area"), Words("audience")),
        *(Words("visible_if"), Words("skip_if"), Words("when"), Words("field"), Words("operator")),
        *(Words("logicalOp"), Words("action"), Words("priority"), Words("qualification")),
        *(Words("min_score"), Words("max_score"), Words("hubspot_property"), Words("customMessage")),
        *(Words("sections"), Words("questions"), Words("options"), Words("rows"), Words("columns")),
        *(Words("rules"), Words("areas"), Words("nested"), Words("targets"), Words("recommendations")),
        *(Words("bands"), Words("translations"), Words("action_items"), Words("next_steps")),
    )
}


@dataclass(frozen=True, slots=True)
class Problem:
    path: Path
    place: str
    text: str

    @property
    def words(self) -> Words:
        return Words("%(place)s: %(text)s", place=self.place, text=self.text)

    def __str__(self) -> str:
        return str(self.words)


class QuestionnaireErrors(Exception):
    """The questionnaire is invalid; `problems` holds every error."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def problem_at(document: object, path: Path, text: str) -> Problem:
    return Problem(path=path, place=path_in_words(document, path), text=text)


def path_in_words(document: object, path: Path) -> Words:
    """Describe a path: `section governance, question governance_1, option B`; items by key or number."""
    words: list[Words] = []
    for depth, step in enumerate(path, 1):
        if words and words[-1] in SINGULAR:
            words[-1] = SINGULAR[words[-1]].having(name=_name(document, path[:depth]))
        else:
            words.append(FIELDS.get(str(step)) or Words(_word(step)))
    return Listing(words) if words else Words("questionnaire")


def _name(document: object, path: Path) -> str:
    last = path[-1]
    if isinstance(last, str):
        return _word(last)
    item = _at(document, path)
    name = (item.get("key") or item.get("id")) if isinstance(item, dict) else None
    return name if isinstance(name, str) and WORD.fullmatch(name) else str(last + 1)


def _word(step: str | int) -> str:
    """A path segment for display. Keys that are not plain words are quoted, so that they stay on one line."""
    text = str(step)
    return text if WORD.fullmatch(text) else repr(text[:50])


def _at(document: object, path: Path) -> object:
    try:
        found: object = reduce(getitem, path, cast(Any, document))
    except (KeyError, IndexError, TypeError):
        return None
    return found
