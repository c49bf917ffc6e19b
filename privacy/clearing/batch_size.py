"""How many rows a batch may have, so that nobody waits long for a lock of it. Pure.

A batch keeps its locks until it commits. How long that takes depends on the disk, on indexes and on who else
is at work, so the size follows what the last batch took.
"""

from dataclasses import dataclass, field

TARGET = 0.1  # seconds a batch should take: 250 ms is the most that anybody may wait
FIRST, LEAST, MOST = 50, 25, 2000  # fewer than 25 and a busy machine would never get on
GROWTH = 1.5  # a batch that was quick by luck must not make the next one far too long


@dataclass(slots=True)
class BatchSize:
    size: int = field(default_factory=lambda: FIRST)

    def took(self, seconds: float) -> None:
        """Learn from a batch of `size` rows."""
        self.grow(TARGET / max(seconds, 0.001))

    def cut_off(self) -> None:
        """A batch of `size` rows took too long to be let finish."""
        self.grow(1 / 4)

    @property
    def at_least(self) -> bool:
        """The next batch cannot be smaller."""
        return self.size == LEAST

    def grow(self, factor: float) -> None:
        self.size = round(min(MOST, max(LEAST, self.size * min(GROWTH, factor))))
