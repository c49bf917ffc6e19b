"""How a long job reports its progress. Pure."""

from collections.abc import Callable
from typing import TypeVar

Step = TypeVar("Step", contravariant=True)

Progress = Callable[[Step], None]  # called after each step with what it did


def no_progress(step: object) -> None:
    """Report no progress."""
