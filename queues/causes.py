"""The failure cause of a queue row, and what to do about it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """What happened and what to do, one sentence each."""

    happened: str
    to_do: str

    def translated(self, translate: Callable[[str], str]) -> "Cause":
        return Cause(translate(self.happened), translate(self.to_do))
