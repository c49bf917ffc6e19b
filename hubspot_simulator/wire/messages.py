"""One HTTP exchange as values, with typed access to untrusted JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is as sent, without its query; the router fills in `version` and the decoded `params`."""

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
        """A list in the query, as one comma-separated value or several values."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the delivery of an answer fails: `reset`, `hang`, `slow` or `truncated`."""

    effect: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; status 0 means that it is never sent."""

    status: int
    body: Json | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery | None = None
