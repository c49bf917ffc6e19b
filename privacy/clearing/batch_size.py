"""Adaptive batch size that bounds how long a batch holds its locks. Pure.

A batch holds its locks until it commits. That time depends on the disk, the indexes and concurrent load, so
the next size follows from the duration of the last batch.
"""

from dataclasses import dataclass

GROWTH = 1.5  # cap, so that one unusually fast batch does not make the next one far too long


@dataclass(slots=True)
class BatchSize:
    """The rows of the next batch, between `least` and `most`, aimed at `target` seconds."""

    size: int
    least: int
    most: int
    target: float

    def took(self, seconds: float) -> None:
        """Adjust the size after a batch of `size` rows that took `seconds`."""
        self.scale(self.target / max(seconds, 0.001))

    def cut_off(self) -> None:
        """Shrink the size after a batch of `size` rows was cancelled by its timeout."""
        self.scale(1 / 4)

    @property
    def at_least(self) -> bool:
        """True when the size is already the minimum."""
        return self.size == self.least

    def scale(self, factor: float) -> None:
        self.size = round(min(self.most, max(self.least, self.size * min(GROWTH, factor))))
