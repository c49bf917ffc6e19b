"""Populations of figures, and the merges that leave no small group in any of them. No database.

A kind is a population: assessments that were started, finished, asked for an address or abandoned, that
answered one question, or that came from one kind of origin. Each has time buckets of its own. Attributes of a
population (scores, categories, options) may be rare in it: a bucket protects identity, not attributes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from assessments.statistics.figure import ORIGINS, OTHER, STARTED, VIEWED, Figure
from assessments.statistics.small_cells import names_to_suppress
from assessments.statistics.time_buckets import Span, merge_small_months

NAMED, UNNAMED = "named", "unnamed"


@dataclass(frozen=True, slots=True)
class FigureKind:
    """Figures that are merged together; `name` narrows them to one question."""

    figures: tuple[Figure, ...]
    name: str = ""


STARTED_KIND = FigureKind((Figure.STARTED,))
FINISHED_KIND = FigureKind((Figure.SCORE, Figure.SECONDS, Figure.AREA))
ADDRESS_KIND = FigureKind((Figure.QUALITY, Figure.CONTACT, Figure.SYNC))
OF_ANSWERS = (Figure.ANSWER, Figure.CHOSEN)  # of one question
KINDS = {figure: FigureKind((figure,)) for figure in Figure} | {
    figure: kind for kind in (FINISHED_KIND, ADDRESS_KIND) for figure in kind.figures
}


@dataclass(frozen=True, slots=True)
class CellCount:
    """The number of assessments started from `first` to `last` in one cell of daily figures."""

    first: date
    last: date
    figure: Figure
    name: str
    part: str
    count: int

    @property
    def kind(self) -> FigureKind:
        return FigureKind(OF_ANSWERS, self.name) if self.figure in OF_ANSWERS else KINDS[self.figure]

    @property
    def group(self) -> str:
        """The group within its kind that the cell counts; '' if another cell counts the same assessments."""
        match self.figure:
            case Figure.SYNC:
                return self.part
            case Figure.AREA | Figure.CONTACT | Figure.CHOSEN:
                return ""
            case Figure.VIEW:
                return "" if self.part else self.figure
            case Figure.QUALITY:
                return "with an address" if self.name else "without an address"
            case Figure.EXPERIMENT:
                return self.name if self.part == STARTED else ""
            case figure if figure in ORIGINS:
                return NAMED if self.part == STARTED else ""
        return self.figure


@dataclass(frozen=True, slots=True)
class Merge:
    """Days of one kind to merge into one bucket; their names in `fold` become `OTHER`."""

    kind: FigureKind
    first: date
    last: date
    fold: tuple[str, ...] = ()


def pending_merges(cells: Iterable[CellCount], *, before: date, k: int) -> list[Merge]:
    """The merges that these cells, all from before that day, still need; [] if they are coarse already."""
    by_kind: dict[FigureKind, list[CellCount]] = defaultdict(list)
    for cell in cells:
        by_kind[cell.kind].append(cell)
    started = merge_small_months(group_sizes(by_kind[STARTED_KIND]), before=before, k=k)
    unnamed = [Span(each.first, each.last, Counter({UNNAMED: each.counts.total()})) for each in started]
    return [
        merge
        for kind, own in by_kind.items()
        for merge in pending_merges_of(
            kind, own, unnamed if kind.figures[0] in ORIGINS else [], before=before, k=k
        )
    ]


def pending_merges_of(
    kind: FigureKind, own: list[CellCount], more: list[Span], *, before: date, k: int
) -> Iterator[Merge]:
    """The pending merges of one kind; `more` are groups that only other kinds count."""
    own.sort(key=lambda cell: cell.last)
    at = 0
    for bucket in merge_small_months([*group_sizes(own), *more], before=before, k=k):
        begin = at
        while at < len(own) and own[at].last <= bucket.last:
            at += 1
        inside = own[begin:at]
        merge = Merge(kind, bucket.first, bucket.last, names_to_fold(inside, k=k) if bucket.closed else ())
        if merge.fold or any((cell.first, cell.last) != (bucket.first, bucket.last) for cell in inside):
            yield merge


def group_sizes(own: Iterable[CellCount]) -> list[Span]:
    """The group sizes of one kind, by days; an assessment with an origin is not counted as one without."""
    counts: dict[tuple[date, date], Counter[str]] = defaultdict(Counter)
    for cell in own:
        groups = counts[cell.first, cell.last]
        if group := cell.group:
            groups[group] += cell.count
        if group == NAMED:
            groups[UNNAMED] -= cell.count
    return [Span(first, last, groups) for (first, last), groups in counts.items()]


def names_to_fold(cells: Iterable[CellCount], *, k: int) -> tuple[str, ...]:
    """The names of origins that are too rare among these cells to be retained: views alone retain none."""
    named: Counter[str] = Counter()
    for cell in cells:
        if cell.group == NAMED:
            named[cell.name] += cell.count
        elif cell.part == VIEWED:
            named[cell.name] += 0
    return tuple(name for name in names_to_suppress(named, k=k, other=OTHER) if name != OTHER)
