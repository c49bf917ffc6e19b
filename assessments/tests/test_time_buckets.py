"""Whoever subtracts one period from another learns of ten runs, or of none."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import DailyFigure
from assessments.statistics import analytics
from assessments.statistics.figure import ENOUGH, OTHER, Figure
from assessments.statistics.time_buckets import Counts, stretches
from scorecard.models import QuestionnaireVersion

NEW_YEAR = date(2026, 1, 1)
RUNS = st.tuples(st.integers(0, 300), st.integers(0, 15), st.integers(0, 15), st.integers(0, 15))


def of(*days: tuple[str, int]) -> list[tuple[date, Counts]]:
    return [(date.fromisoformat(day), (runs,)) for day, runs in days]


def told(days: list[tuple[date, Counts]], before: date) -> list[tuple[date, Counts]]:
    """The days as the hourly job leaves them, those of closed stretches alone."""
    closed = [found for found in stretches(days, before=before, least=10) if found.closed]
    return [
        (
            each.last,
            tuple(map(sum, zip(*(c for day, c in days if each.first <= day <= each.last), strict=True))),
        )
        for each in closed
    ]


def test_a_month_is_told_as_one_from_its_end_on() -> None:
    days = of(("2026-01-03", 8), ("2026-01-30", 4))
    (open_one,) = stretches(days, before=date(2026, 1, 31), least=10)
    (closed,) = stretches(days, before=date(2026, 2, 1), least=10)
    assert (open_one.last, open_one.closed) == (date(2026, 1, 30), False)
    assert (closed.last, closed.closed) == (date(2026, 1, 31), True)


def test_a_month_with_few_runs_is_told_with_the_next() -> None:
    days = of(("2026-01-03", 3), ("2026-02-10", 7), ("2026-03-01", 30))
    assert told(days, date(2026, 4, 1)) == of(("2026-02-28", 10), ("2026-03-31", 30))


def test_few_of_any_kind_keep_a_stretch_open_and_none_does_not() -> None:
    assert told([(NEW_YEAR, (20, 0, 9))], date(2026, 2, 1)) == []
    assert told([(NEW_YEAR, (20, 0, 10))], date(2026, 2, 1)) == [(date(2026, 1, 31), (20, 0, 10))]


@given(runs=st.lists(RUNS, max_size=60), looks=st.lists(st.integers(0, 400), min_size=2, max_size=2))
def test_no_two_dashboards_can_be_subtracted_to_somebody(
    runs: list[tuple[int, int, int, int]], looks: list[int]
) -> None:
    """Of any two days, one taken from the other, on which the attacker looks at any periods he likes."""
    by_day: Counter[tuple[date, int]] = Counter()
    for day, *kinds in runs:
        for number, count in enumerate(kinds):
            by_day[NEW_YEAR + timedelta(days=day), number] += count
    days = [(day, tuple(by_day[day, n] for n in range(3))) for day in sorted({day for day, _ in by_day})]
    first, then = (NEW_YEAR + timedelta(days=look) for look in sorted(looks))
    earlier = told([each for each in days if each[0] < first], first)
    later = told([each for each in days if each[0] < then], then)
    assert later[: len(earlier)] == earlier  # what was told once is told for ever
    assert all(count == 0 or count >= 10 for _, counts in later for count in counts)
    assert told(later, then) == later


# On generated runs, through the figures themselves

ORIGINS = ("partner.example", "news.example", "rare.example", "")


@pytest.fixture
def year(version: QuestionnaireVersion) -> None:
    """A year of runs, few in some months and many in others."""
    random, rows = Random(4), []
    today = timezone.now().date()
    for days_ago in range(365):
        day = today - timedelta(days=days_ago)
        for _ in range(random.choice((0, 0, 1)) if day.month % 3 else random.choice((0, 2, 5))):
            origin = random.choices(ORIGINS, (5, 2, 1, 4))[0]
            cells = [(Figure.STARTED, "", "", 0)]
            cells += [(Figure.REFERRER, origin, "started", 0)] if origin else []
            if random.random() < 0.6:
                score, quality = random.randint(0, 100), random.choice(("", "basic", "enhanced"))
                cells += [(Figure.SCORE, "alert", "", score), (Figure.QUALITY, quality, "", score)]
            rows += [
                DailyFigure(
                    day=day, version=version, figure=figure, name=name, part=part, number=number, runs=1
                )
                for figure, name, part, number in cells
            ]
    DailyFigure.objects.bulk_create(rows)


def counted(since: date) -> Counter[str]:
    """What a period that begins with that day tells, by kind and by origin."""
    found: Counter[str] = Counter()
    for figure, name, number in DailyFigure.objects.since(since).values_list("figure", "name", "runs"):
        found[f"addressed {figure}" if figure == Figure.QUALITY and name else figure] += number
        if figure == Figure.REFERRER and name != OTHER:
            found[f"from {name}"] += number
    return found


@pytest.mark.django_db
def test_the_attacker_finds_nobody_in_a_year_of_figures(year: None) -> None:
    whole = counted(date.min)
    analytics.sum_up()
    assert {kind: n for kind, n in counted(date.min).items() if not kind.startswith("from ")} == {
        kind: n for kind, n in whole.items() if not kind.startswith("from ")
    }
    days = sorted(set(DailyFigure.objects.values_list("day", flat=True)))
    past = [day for day in days if day < (timezone.now() - timedelta(days=30)).date()]
    dashboards = [counted(day) for day in [*past, past[-1] + timedelta(days=1)]]
    told_apart = [a - b for at, a in enumerate(dashboards[:-2]) for b in dashboards[at + 1 : -1]]
    assert len(past) > 2
    assert [few for few in told_apart if min(few.values(), default=ENOUGH) < ENOUGH] == []
    assert any("from partner.example" in found for found in told_apart)
    analytics.sum_up()
    assert [counted(day) for day in past] == dashboards[:-1]


@pytest.mark.django_db
def test_the_months_of_the_chart_hold_ten_runs_each(year: None) -> None:
    analytics.sum_up()
    months = analytics.monthly(timezone.now())
    open_ones = {f"{timezone.now() - timedelta(days=days):%Y-%m}" for days in range(62)}
    settled = [month for month in months if month.month not in open_ones]
    assert settled
    assert all(month.started >= ENOUGH and month.completed >= ENOUGH for month in settled)
    assert datetime.now(UTC).strftime("%Y-%m") in {month.month for month in months}
