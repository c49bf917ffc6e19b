"""Adaptive batch size that bounds how long a batch holds its locks. Pure.

A batch holds its locks until it commits. That time depends on the disk, the indexes and concurrent load, so
the next size follows from the duration of the last batch.
"""

from dataclasses import dataclass, field

TARGET = 0.1  # seconds per batch; no lock wait may exceed 250 ms
FIRST, LEAST, MOST = 50, 25, 2000  # below 25 rows a busy server would make no progress
GROWTH = 1.5  # cap, so that one unusually fast batch does not make the next one far too long


@dataclass(slots=True)
class BatchSize:
    size: int = field(default_factory=lambda: FIRST)

    def took(self, seconds: float) -> None:
        """Adjust the size after a batch of `size` rows that took `seconds`."""
        self.grow(TARGET / max(seconds, 0.001))

    def cut_off(self) -> None:
        """Shrink the size after a batch of `size` rows was cancelled by its timeout."""
        self.grow(1 / 4)

    @property
    def at_least(self) -> bool:
        """True when the size is already the minimum."""
        return self.size == LEAST

    def grow(self, factor: float) -> None:
        self.size = round(min(MOST, max(LEAST, self.size * min(GROWTH, factor))))
