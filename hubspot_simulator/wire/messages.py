"""One HTTP exchange as values, with typed reading of JSON that somebody else wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is as it was sent, without its query; the router fills in `version` and the decoded `params`."""

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    version: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def flag(self, name: str) -> bool:
        return self.first(name) == "true"

    def first(self, name: str) -> str | None:
        return next(iter(self.query.get(name, [])), None)

    def names(self, name: str) -> list[str]:
        """A list in the query, given once with commas or several times."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer goes wrong on its way: `reset`, `hang`, `slow` or `truncated`."""

    effect: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A status of 0 is an answer that never leaves."""

    status: int
    body: Json | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None
