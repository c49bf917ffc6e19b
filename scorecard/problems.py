"""Validation errors of a questionnaire, located by path in the author's terms."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import getitem
from typing import Any, cast

Path = tuple[str | int, ...]  # path into a document: ("sections", 0, "questions", 3, "text")

WORD = re.compile(r"[\w-]{1,50}")
SINGULAR = {
    "sections": "section",
    "questions": "question",
    "options": "option",
    "rows": "row",
    "columns": "column",
    "rules": "rule",
    "areas": "area",
    "nested": "nested condition",
    "targets": "target",
    "recommendations": "recommendation",
    "bands": "band",
    "translations": "translation",
    "action_items": "action item",
    "next_steps": "next step",
}


@dataclass(frozen=True, slots=True)
class Problem:
    path: Path
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class QuestionnaireErrors(Exception):
    """The questionnaire is invalid; `problems` holds every error."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def problem_at(document: object, path: Path, text: str) -> Problem:
    return Problem(path=path, place=path_in_words(document, path), text=text)


def path_in_words(document: object, path: Path) -> str:
    """Describe a path: `section governance, question governance_1, option B`; items by key or number."""
    words: list[str] = []
    for depth, step in enumerate(path, 1):
        if words and words[-1] in SINGULAR:
            words[-1] = f"{SINGULAR[words[-1]]} {_name(document, path[:depth])}"
        else:
            words.append(_word(step))
    return ", ".join(words) or "questionnaire"


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
