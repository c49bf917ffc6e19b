"""The failure cause of a queue row, and what to do about it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """What happened and what to do, one sentence each."""

    happened: str
    to_do: str
