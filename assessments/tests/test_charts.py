"""Sizes of the dashboard's bars."""

from datetime import UTC, datetime

import pytest

from assessments.admin.charts import chart_columns, share
from assessments.statistics.analytics import MonthTotals

NOW = datetime(2026, 2, 3, tzinfo=UTC)


def test_twelve_columns_end_with_this_month() -> None:
    labels = [column.label for column in chart_columns((), NOW)]
    assert labels == ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"]


def test_the_tallest_column_fills_the_chart() -> None:
    months = (
        MonthTotals("2026-02", "2026-02", 10, 10, 5, None, None),
        MonthTotals("2026-01", "2026-01", 20, 20, 20, None, None),
    )
    *_, january, february = chart_columns(months, NOW)
    assert (january.started_height, january.started_top) == (100, 0)
    assert (february.started_height, february.completed_height, february.completed_top) == (50, 25, 75)


def test_merged_months_are_one_wide_column() -> None:
    (*_, merged, february) = chart_columns((MonthTotals("2025-12", "2026-01", 30, 30, 20, None, None),), NOW)
    assert (merged.label, merged.months, merged.started, february.started) == ("Dec-Jan", 2, 30, 0)


def test_merged_months_that_began_before_the_chart_keep_their_label() -> None:
    first, *_ = chart_columns((MonthTotals("2025-01", "2025-04", 30, 30, 20, None, None),), NOW)
    assert (first.label, first.months) == ("Jan-Apr", 2)


@pytest.mark.parametrize(("part", "whole", "percent"), [(1, 4, 25), (1, 1000, 1), (0, 4, 0), (0, 0, 0)])
def test_whatever_is_there_can_be_seen(part: int, whole: int, percent: int) -> None:
    assert share(part, whole) == percent
