"""k-anonymity of old figures: no difference of two dashboards is about one to nine assessments."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from assessments.models import DailyFigure
from assessments.statistics.coarsening import apply_merge, cells_before, coarsen
from assessments.statistics.figure import K_ANONYMITY, ORIGINS, OTHER, Figure
from assessments.statistics.kinds import CellCount, FigureKind, Merge, pending_merges
from scorecard.models import QuestionnaireVersion

RETENTION = timedelta(days=30)
KEPT = timedelta(days=400)  # as far back as a dashboard looks
FIVE_YEARS = [date(2024, 1, 1) + timedelta(days=number) for number in range(5 * 365 + 2)]  # two leap days
REFERRERS, WEIGHTS = ("partner.example", "news.example", "rare.example", ""), (5, 2, 1, 4)

Buckets = list[tuple[date, date, Counter[str]]]


def started_on(day: date, random: Random) -> list[CellCount]:
    """The cells of a day, few in some months and many in others."""
    cells: Counter[tuple[Figure, str, str]] = Counter()
    for _ in range(random.choice((0, 0, 1)) if day.month % 3 else random.choice((0, 2, 5))):
        referrer = random.choices(REFERRERS, WEIGHTS)[0]
        finished = random.random() < 0.6
        quality = random.choice(("", "basic", "enhanced"))
        cells[Figure.STARTED, "", ""] += 1
        cells[Figure.ANSWER, "asked of all", random.choice("AB")] += 1
        if random.random() < 0.1:
            cells[Figure.ANSWER, "asked of few", random.choice("AB")] += 1
        if referrer:
            cells[Figure.REFERRER, referrer, "started"] += 1
            if finished:
                cells[Figure.REFERRER, referrer, quality or "unknown"] += 1
        if not finished:
            cells[Figure.LEFT, "", ""] += 1
            continue
        cells[Figure.SCORE, random.choice(("alert", "crisis")), ""] += 1
        cells[Figure.SECONDS, "alert", ""] += 1
        cells[Figure.QUALITY, quality, ""] += 1
    return [CellCount(day, day, *cell, count) for cell, count in cells.items()]


def merged(cells: Iterable[CellCount], done: Iterable[Merge]) -> list[CellCount]:
    """The cells after these merges, added together, as the database does it."""
    by_kind: dict[FigureKind, list[Merge]] = defaultdict(list)
    for merge in done:
        by_kind[merge.kind].append(merge)
    sums: Counter[tuple[date, date, Figure, str, str]] = Counter()
    for cell in cells:
        first, last, name = cell.first, cell.last, cell.name
        for merge in by_kind.get(cell.kind, ()):
            if merge.first <= last <= merge.last:
                first, last, name = merge.first, merge.last, OTHER if name in merge.fold else name
        sums[first, last, cell.figure, name, cell.part] += cell.count
    return [CellCount(*cell, count) for cell, count in sums.items() if count]


def seen_by_an_attacker(cells: Iterable[CellCount]) -> dict[str, Buckets]:
    """By population, what the difference of two dashboards can be about: groups of one time bucket."""
    found: dict[str, dict[tuple[date, date], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    cells = list(cells)
    for cell in cells:
        group = {
            Figure.QUALITY: "with an address" if cell.name else "without",
            Figure.SCORE: "all",
            Figure.ANSWER: "all",
        }.get(cell.figure, cell.name)
        population = f"{cell.figure} {cell.name}" if cell.figure == Figure.ANSWER else str(cell.figure)
        if cell.figure not in ORIGINS or cell.part == "started":
            found[population][cell.first, cell.last][group] += cell.count
    for (first, last), groups in found[Figure.REFERRER].items():
        inside = [
            c.count for c in cells if c.figure == Figure.STARTED and first <= c.first and c.last <= last
        ]
        groups["without an origin"] = sum(inside) - sum(groups.values())
    return {
        population: sorted((first, last, groups) for (first, last), groups in buckets.items())
        for population, buckets in found.items()
    }


def closed(buckets: Buckets, before: date) -> Buckets:
    """All but the last one, while it grows: its days were told one by one until the day before."""
    return [bucket for bucket in buckets if bucket[1] != before - timedelta(days=1)]


def oldest(cells: list[CellCount], day: date) -> date:
    """The last bucket boundary of all kinds before that day."""
    while firsts := [cell.first for cell in cells if cell.first < day <= cell.last]:
        day = min(firsts)
    return day


@pytest.fixture(scope="module")
def history() -> list[tuple[date, dict[str, Buckets]]]:
    """(limit, what an attacker sees) of each day of five years, after the job of that day."""
    random, found = Random(4), []
    cells: list[CellCount] = []
    for now in FIVE_YEARS:
        before = now - RETENTION
        cells += started_on(before - timedelta(days=1), random)
        edge = oldest(cells, before - KEPT)
        cells = [cell for cell in cells if cell.last >= edge]
        cells = merged(cells, pending_merges(cells, before=before, k=K_ANONYMITY))
        found.append((before, seen_by_an_attacker(cells)))
    return found


def small(seen: dict[str, Buckets], before: date) -> Iterator[tuple[str, str, int]]:
    for population, buckets in seen.items():
        for _, last, groups in closed(buckets, before):
            for group, count in groups.items():
                if count and count < K_ANONYMITY:
                    yield f"{population} until {last}", group, count


def test_no_difference_of_dashboards_is_about_few_on_any_day_of_five_years(
    history: list[tuple[date, dict[str, Buckets]]],
) -> None:
    assert [(before, found) for before, seen in history if (found := list(small(seen, before)))] == []


def test_what_is_closed_stays_as_it_is_on_each_day_of_five_years(
    history: list[tuple[date, dict[str, Buckets]]],
) -> None:
    known: dict[str, Buckets] = {}
    for before, seen in history:
        for population, buckets in seen.items():
            own = [bucket for bucket in closed(buckets, before) if bucket[0] > before - KEPT]
            held = [bucket for bucket in known.get(population, []) if bucket[0] > before - KEPT]
            assert own[: len(held)] == held
            known[population] = own


def test_old_figures_are_still_told_apart(history: list[tuple[date, dict[str, Buckets]]]) -> None:
    before, seen = history[-1]
    months = {population: len(closed(buckets, before)) for population, buckets in seen.items()}
    assert months["started"] > 8
    assert months["score"] > 4
    assert months["answer asked of few"] > 1
    assert any("partner.example" in groups for *_, groups in seen["referrer"])


def test_a_small_kind_merges_its_own_months_alone() -> None:
    """26 started, 17 finished and 9 given up in August: only the drop-off waits for September."""
    cells = [
        CellCount(date(2026, month, 5), date(2026, month, 5), figure, "", "", count)
        for month, counts in {8: (26, 17, 9), 9: (30, 20, 10)}.items()
        for figure, count in zip((Figure.STARTED, Figure.SCORE, Figure.LEFT), counts, strict=True)
    ]
    cells = merged(cells, pending_merges(cells, before=date(2026, 10, 1), k=K_ANONYMITY))
    assert [(c.figure, c.first.month, c.last.month, c.count) for c in cells if c.figure != Figure.SCORE] == [
        (Figure.STARTED, 8, 8, 26),
        (Figure.LEFT, 8, 9, 19),
        (Figure.STARTED, 9, 9, 30),
    ]


# Through the database

DAYS = [date(2026, 11, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2026, 3, 29)]


@pytest.fixture
def year(version: QuestionnaireVersion, now: datetime) -> None:
    """A year of figures, day by day."""
    random = Random(4)
    DailyFigure.objects.bulk_create(
        DailyFigure(
            day=cell.first,
            version=version,
            figure=cell.figure,
            name=cell.name,
            part=cell.part,
            assessments=cell.count,
        )
        for back in range(365)
        for cell in started_on(now.date() - timedelta(days=back), random)
    )


@pytest.fixture
def now(request: pytest.FixtureRequest) -> datetime:
    return datetime.combine(request.param, datetime.min.time(), UTC)


def totals() -> dict[tuple[str, str], int]:
    """By figure and part: what no merge may change."""
    found: Counter[tuple[str, str]] = Counter()
    for figure, part, count in DailyFigure.objects.values_list("figure", "part", "assessments"):
        found[figure, part] += count
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("now", DAYS, indirect=True, ids=str)
def test_the_job_leaves_nobody_to_be_found_and_no_total_changed(year: None, now: datetime) -> None:
    before, whole = now.date() - RETENTION, totals()
    coarsen(now)
    assert totals() == whole
    assert list(small(seen_by_an_attacker(cells_before(before)), before)) == []
    assert pending_merges(cells_before(before), before=before, k=K_ANONYMITY) == []


@pytest.mark.django_db
@pytest.mark.parametrize("now", DAYS[:1], indirect=True, ids=str)
def test_a_job_that_was_killed_half_way_is_ended_by_the_next(year: None, now: datetime) -> None:
    before, whole = now.date() - RETENTION, totals()
    for merge in pending_merges(cells_before(before), before=before, k=K_ANONYMITY)[:3]:
        apply_merge(merge)
    coarsen(now)
    assert totals() == whole
    assert list(small(seen_by_an_attacker(cells_before(before)), before)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("now", DAYS[:1], indirect=True, ids=str)
def test_a_second_job_changes_nothing(year: None, now: datetime) -> None:
    coarsen(now)
    rows = set(DailyFigure.objects.values_list("pk", "day", "first_day", "name", "assessments"))
    coarsen(now)
    assert set(DailyFigure.objects.values_list("pk", "day", "first_day", "name", "assessments")) == rows
