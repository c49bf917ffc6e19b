"""Splits of assessments by origin, without cells so small that they point to a person. One query."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from assessments.qualification import LeadQuality
from assessments.statistics.figure import (
    COUNT,
    K_ANONYMITY,
    ORIGINS,
    OTHER,
    STARTED,
    UNKNOWN,
    VIEWED,
    Figure,
    PeriodQuery,
)
from assessments.statistics.periods import Period
from assessments.statistics.small_cells import Cell, suppress_small_cells


@dataclass(frozen=True, slots=True)
class OriginSplit:
    """Assessments split by one origin: a referrer, a campaign or a variant."""

    figure: str
    cells: tuple[Cell, ...]


BY_ORIGIN = PeriodQuery(
    lambda rows: (
        rows.filter(figure__in=(Figure.STARTED, Figure.QUALITY, Figure.VIEW, *ORIGINS))
        .exclude(figure=Figure.VIEW, part__gt="")
        .values_list("figure", "name", "part")
        .annotate(count=COUNT)
    )
)


def origin_splits(period: Period) -> tuple[OriginSplit, ...]:
    """Assessments by origin, one split per kind of origin, with small cells suppressed."""
    whole: Counter[str] = Counter()
    named: dict[str, dict[str, Counter[str]]] = {figure: defaultdict(Counter) for figure in ORIGINS}
    for figure, name, part, count in BY_ORIGIN.rows(period):
        if figure == Figure.STARTED:
            whole[STARTED] += count
        elif figure == Figure.VIEW:
            whole[VIEWED] += count
        elif figure == Figure.QUALITY:
            whole[name or UNKNOWN] += count
        else:
            named[figure][name][part] += count
    of_assessments = Counter({part: count for part, count in whole.items() if part != VIEWED})
    return tuple(
        OriginSplit(figure, cells_of(named[figure], of_assessments if figure == Figure.VARIANT else whole))
        for figure in ORIGINS
    )


def cells_of(named: Mapping[str, Counter[str]], whole: Counter[str]) -> tuple[Cell, ...]:
    """The cells to show, including assessments without an origin; () if none has one."""
    unnamed = whole.copy()
    for parts in named.values():
        unnamed.subtract(parts)
    cells = [cell_of(name, parts) for name, parts in {**named, "": unnamed}.items()]
    return suppress_small_cells(cells, k=K_ANONYMITY, other=OTHER) if named else ()


def cell_of(name: str, parts: Counter[str]) -> Cell:
    leads = sum(parts[quality] for quality in LeadQuality)
    briefing = parts[LeadQuality.EXECUTIVE_BRIEFING_QUALIFIED]
    return Cell(name, parts[STARTED], leads + parts[UNKNOWN], leads, briefing, parts[VIEWED])
