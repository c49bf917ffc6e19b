"""Months of few are merged, and what was merged once stays as it is."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assessments.statistics.time_buckets import Span, TimeBucket, merge_small_months

NEW_YEAR = date(2026, 1, 1)
COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 15), st.integers(0, 15), st.integers(0, 15))


def on(day: str, **counts: int) -> Span:
    return Span(date.fromisoformat(day), date.fromisoformat(day), Counter(counts))


def merged(*spans: Span, before: str) -> list[tuple[str, str, dict[str, int], bool]]:
    return [
        (str(bucket.first), str(bucket.last), dict(bucket.counts), bucket.closed)
        for bucket in merge_small_months(spans, before=date.fromisoformat(before), k=10)
    ]


def test_a_month_closes_when_it_is_over() -> None:
    days = on("2026-01-03", all=8), on("2026-01-30", all=4)
    assert merged(*days, before="2026-01-31") == [("2026-01-01", "2026-01-30", {"all": 12}, False)]
    assert merged(*days, before="2026-02-01") == [("2026-01-01", "2026-01-31", {"all": 12}, True)]


def test_a_month_of_few_is_merged_with_the_next() -> None:
    days = on("2026-01-03", all=3), on("2026-02-10", all=7), on("2026-03-01", all=30)
    assert merged(*days, before="2026-04-01") == [
        ("2026-01-01", "2026-02-28", {"all": 10}, True),
        ("2026-03-01", "2026-03-31", {"all": 30}, True),
    ]


def test_a_small_group_keeps_a_bucket_open_and_an_empty_one_does_not() -> None:
    assert [closed for *_, closed in merged(on("2026-01-01", a=20, b=9), before="2026-02-01")] == [False]
    assert [closed for *_, closed in merged(on("2026-01-01", a=20, b=0), before="2026-02-01")] == [True]


def test_merged_days_are_never_cut() -> None:
    summer = Span(date(2026, 1, 1), date(2026, 2, 28), Counter(a=20))
    buckets = merged(on("2026-01-31", b=10), summer, before="2026-03-01")
    assert buckets == [("2026-01-01", "2026-02-28", {"a": 20, "b": 10}, True)]


def test_a_leap_day_belongs_to_its_month() -> None:
    assert merged(on("2028-02-29", all=10), before="2028-03-01")[0][1] == "2028-02-29"


def closed_ones(spans: list[Span], before: date) -> list[TimeBucket]:
    return [bucket for bucket in merge_small_months(spans, before=before, k=10) if bucket.closed]


@given(counts=st.lists(COUNTS, max_size=60), looks=st.lists(st.integers(0, 400), min_size=2, max_size=2))
def test_what_is_closed_never_changes(counts: list[tuple[int, int, int, int]], looks: list[int]) -> None:
    by_day: dict[date, Counter[str]] = {}
    for day, *groups in counts:
        own = by_day.setdefault(NEW_YEAR + timedelta(days=day), Counter())
        own.update(dict(zip("abc", groups, strict=True)))
    spans = [Span(day, day, groups) for day, groups in by_day.items()]
    first, then = (NEW_YEAR + timedelta(days=look) for look in sorted(looks))
    earlier = closed_ones([span for span in spans if span.last < first], first)
    later = closed_ones([span for span in spans if span.last < then], then)
    assert later[: len(earlier)] == earlier
    assert all(count == 0 or count >= 10 for bucket in later for count in bucket.counts.values())
    assert closed_ones([Span(each.first, each.last, each.counts) for each in later], then) == later
