"""What a file of an export holds: sheets with a header and rows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exports.cells import Cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """`rows` may be an iterator over millions; it is read once."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
