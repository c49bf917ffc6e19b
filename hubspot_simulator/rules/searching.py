"""Parse a search and match records against it. Pure.

The index lags: until a change is indexed, a record is found as it was before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hubspot_simulator.wire import reading
from hubspot_simulator.wire.errors import Refusal, bad_json, validation
from hubspot_simulator.wire.messages import Json

MOST_RESULTS = 10_000
MOST_PER_PAGE = 200
MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS = 5, 6, 18
SEARCHED = ("email", "firstname", "lastname", "phone", "company", "dealname")


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    operator: str
    values: tuple[str, ...]

    def fits(self, properties: Mapping[str, str]) -> bool:
        held = properties.get(self.name)
        if self.operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
            return (held is not None) == (self.operator == "HAS_PROPERTY")
        if held is None:
            return self.operator in ("NEQ", "NOT_IN", "NOT_CONTAINS_TOKEN")
        return _compare(self.operator, _rank(held), [_rank(value) for value in self.values])


@dataclass(frozen=True, slots=True)
class Search:
    """`groups` of filters: all filters of any one group must match. `descending` goes with `sort`."""

    groups: tuple[tuple[Filter, ...], ...]
    query: str
    names: tuple[str, ...]
    sort: str
    descending: bool
    limit: int
    after: int

    def fits(self, properties: Mapping[str, str]) -> bool:
        words = " ".join(properties.get(name, "") for name in SEARCHED).lower()
        if self.query.lower() not in words:
            return False
        return not self.groups or any(all(one.fits(properties) for one in group) for group in self.groups)

    def rank(self, properties: Mapping[str, str]) -> tuple[bool, float, str]:
        return _rank(properties.get(self.sort, ""))


def read(body: Json, known: set[str]) -> Search:
    """Parse a search. Raises Refusal 400 for too many filters and for unknown properties."""
    raw = [reading.as_object(group, "filterGroups") for group in _list(body, "filterGroups")]
    groups = tuple(tuple(_filter(item, known) for item in _list(group, "filters")) for group in raw)
    if (
        len(groups) > MOST_GROUPS
        or sum(map(len, groups)) > MOST_FILTERS
        or max(map(len, groups), default=0) > MOST_IN_GROUP
    ):
        raise _too_much("filters")
    limit, after = _number(body, "limit", 10), _number(body, "after", 0)
    if not 1 <= limit <= MOST_PER_PAGE or after + limit > MOST_RESULTS:
        raise _too_much("results")
    sort, descending = _sort(body)
    return Search(
        groups,
        query=reading.as_text(body.get("query") or "", "query"),
        names=tuple(reading.as_text(name, "properties") for name in _list(body, "properties")),
        sort=sort,
        descending=descending,
        limit=limit,
        after=after,
    )


def _filter(item: object, known: set[str]) -> Filter:
    body = reading.as_object(item, "filters")
    name = reading.as_text(body.get("propertyName"), "propertyName")
    operator = reading.as_text(body.get("operator"), "operator")
    if name not in known:
        raise validation(
            f"There was a problem with the request: property {name} does not exist", invented=True
        )
    if operator not in OPERATORS:
        raise bad_json(f"line 1, column 1: {operator} is no operator")
    values = [body[key] for key in ("value", "highValue") if body.get(key) is not None] + _list(
        body, "values"
    )
    texts = tuple(reading.as_text(value, "value") for value in values)
    if len(texts) < OPERATORS[operator]:
        raise validation(f"{operator} needs a value", invented=True)
    return Filter(name, operator, texts)


OPERATORS = {
    "EQ": 1,
    "NEQ": 1,
    "LT": 1,
    "LTE": 1,
    "GT": 1,
    "GTE": 1,
    "BETWEEN": 2,
    "IN": 1,
    "NOT_IN": 1,
    "HAS_PROPERTY": 0,
    "NOT_HAS_PROPERTY": 0,
    "CONTAINS_TOKEN": 1,
    "NOT_CONTAINS_TOKEN": 1,
}

Rank = tuple[bool, float, str]


def _rank(text: str) -> Rank:
    """The sort key: numbers before texts, numbers by size, texts case-insensitively."""
    try:
        return (False, float(text), "")
    except ValueError:
        return (True, 0.0, text.lower())


def _compare(operator: str, held: Rank, values: list[Rank]) -> bool:
    first = values[0]
    match operator:
        case "EQ" | "IN":
            return held in values
        case "NEQ" | "NOT_IN":
            return held not in values
        case "LT" | "LTE":
            return held < first or (operator == "LTE" and held == first)
        case "GT" | "GTE":
            return held > first or (operator == "GTE" and held == first)
        case "BETWEEN":
            return first <= held <= values[1]
        case _:
            return (_token(first) in _token(held)) == (operator == "CONTAINS_TOKEN")


def _token(rank: Rank) -> str:
    return rank[2].strip("*") if rank[0] else f"{rank[1]:g}"


def _sort(body: Json) -> tuple[str, bool]:
    """HubSpot accepts one sort, as an object or just a name."""
    sorts = _list(body, "sorts")
    if not sorts:
        return "createdate", False
    if isinstance(sorts[0], str):
        return sorts[0].removeprefix("-"), sorts[0].startswith("-")
    one = reading.as_object(sorts[0], "sorts")
    return reading.as_text(one.get("propertyName"), "propertyName"), one.get("direction") == "DESCENDING"


def _list(body: Json, name: str) -> list[object]:
    return reading.as_list(body.get(name) or [], name)


def _number(body: Json, name: str, default: int) -> int:
    """`limit` is a number, `after` a text or a number."""
    text = str(default if body.get(name) is None else body[name])
    if not text.isdecimal():
        raise validation(f"{name} is not a number", invented=True)
    return int(text[:9])


def _too_much(what: str) -> Refusal:
    return validation(f"The search asks for more {what} than it can have", invented=True)
