"""Moments counted in the hours in which sales works."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.business_hours import parse_hours
from leads.clock import Urgency, clock

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime.fromisoformat("2026-01-01")
HOURS = parse_hours("Mo-Fr 09:00-17:00", "Europe/Berlin")


def at(text: str) -> datetime:
    """`Mo 09:02` of a week in November 2026, whose 23rd is a Monday; `Mo+` is a week later."""
    day, clock_time = text.split(" ")
    number = 23 + ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Mo+").index(day)
    return datetime.fromisoformat(f"2026-11-{number:02} {clock_time}").replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "minutes", "before"),
    [
        ("We 12:00", 5, "We 11:55"),
        ("We 09:02", 5, "Tu 16:57"),
        ("Mo+ 09:02", 5, "Fr 16:57"),
        ("Sa 12:00", 5, "Fr 16:55"),
        ("We 07:00", 30, "Tu 16:30"),
        ("We 12:00", 8 * 60, "Tu 12:00"),
    ],
)
def test_outside_working_hours_no_time_passes(now: str, minutes: int, before: str) -> None:
    assert HOURS.before(at(now), timedelta(minutes=minutes)) == at(before)


@pytest.mark.parametrize(
    ("came", "now", "urgency"),
    [
        ("We 12:00", "We 12:04", Urgency.NOW),
        ("We 12:00", "We 12:06", Urgency.SOON),
        ("We 12:00", "We 12:31", Urgency.TODAY),
        ("We 12:00", "Th 09:01", Urgency.OVERDUE),
        ("We 16:50", "Th 09:01", Urgency.SOON),
        ("We 20:00", "Th 09:03", Urgency.NOW),
        ("We 20:00", "Th 12:00", Urgency.TODAY),
        ("We 20:00", "Fr 09:01", Urgency.OVERDUE),
        ("Sa 10:00", "Su 23:00", Urgency.NOW),
        ("Sa 10:00", "Mo+ 15:00", Urgency.TODAY),
        ("Fr 10:00", "Sa 10:00", Urgency.TODAY),
        ("Fr 10:00", "Mo+ 09:40", Urgency.OVERDUE),
    ],
)
def test_a_lead_is_as_urgent_as_the_clock_says(came: str, now: str, urgency: Urgency) -> None:
    assert clock(at(now), HOURS).urgency(at(came)) == urgency


@given(
    st.datetimes(FIRST, FIRST + timedelta(days=700), timezones=st.just(BERLIN)),
    st.integers(0, 3 * 24 * 60),
)
def test_a_lead_grows_no_fresher(now: datetime, minutes: int) -> None:
    order = list(Urgency)
    came = now - timedelta(days=1)
    later = now + timedelta(minutes=minutes)
    assert order.index(clock(later, HOURS).urgency(came)) >= order.index(clock(now, HOURS).urgency(came))


@pytest.mark.parametrize(
    "text",
    ["", "Mo-Fr", "Mo-Fr 9-17", "Fr-Mo 09:00-17:00", "Mo 17:00-09:00", "Xx 09:00-17:00", "Mo 25:00-26:00"],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_hours(text, "UTC")


def test_days_are_spans_or_lists() -> None:
    assert parse_hours("Mo-We,Sa 10:00-14:30", "UTC").days == {0, 1, 2, 5}
