"""Plain values in place of those that break the schema, so that all rules can be checked at once.

Otherwise authors would mend the schema errors first, and only then be told of the rest.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from functools import reduce
from operator import getitem
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scorecard.content.shape import QuestionnaireContent
from scorecard.problems import Path, Problem

ROUNDS = 5  # what stands in for a missing value is refined until it has the right type
NEAR = 3  # steps from a list to a field of its items' items: what is said of the list may be about the field
PLAIN: Mapping[str, Any] = {
    "missing": None,
    "string_type": "-",
    "string_unicode": "-",
    "string_too_long": "-",
    "control_character": "-",
    "language": "",
    "int_type": 1,
    "bool_type": False,
    "is_instance_of": Decimal(0),
    "decimal_max_places": Decimal(0),
    "list_type": [],
    "dict_type": {},
    "model_type": {},
}
IDENTIFIERS = frozenset({"key", "option_id"})


def with_stand_ins(document: object) -> tuple[QuestionnaireContent, frozenset[Path]] | None:
    """The document with stand-ins, and their paths; None where nothing can stand in for what is wrong."""
    mended = deepcopy(document)
    paths: set[Path] = set()
    for _ in range(ROUNDS):
        try:
            return QuestionnaireContent.model_validate(mended), frozenset(paths)
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False, include_input=False):
                paths.add(error["loc"])
                try:
                    put_stand_in(mended, error, number=len(paths))
                except (LookupError, TypeError, ValueError):
                    return None
    return None


def put_stand_in(document: object, error: ErrorDetails, *, number: int) -> None:
    """Replace the value of an error. Raises LookupError, TypeError or ValueError if it cannot."""
    *parents, name = error["loc"]
    holder = reduce(getitem, parents, cast(Any, document))
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        del holder[name]
    elif kind in IDENTIFIERS:
        holder[name] = f"stand_in_{number}"
    elif kind == "enum":
        holder[name] = re.findall(r"\w+", context["expected"])[0]
    elif bound := {"greater_than_equal": "ge", "less_than_equal": "le"}.get(kind):
        holder[name] = type(holder[name])(context[bound])
    else:
        holder[name] = deepcopy(PLAIN[kind])


def is_certain(found: Problem, stand_ins: frozenset[Path]) -> bool:
    """Whether a problem of a mended document is one of the author's, whatever the stand-ins stand for."""
    is_renamed = any(path[-1:] in {("key",), ("id",)} for path in stand_ins)
    if is_renamed and found.path[:1] in {("translations",), ("rules",)}:
        return False
    return not any(
        (path[: len(found.path)] == found.path and len(path) - len(found.path) <= NEAR)
        or found.path[: len(path)] == path
        or (path[0] == found.path[0] == "bands")
        for path in stand_ins
    )
