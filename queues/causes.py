"""What went wrong with a row of a queue, and what to do about it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cause:
    """A sentence each."""

    happened: str
    to_do: str
