"""Moments counted in the hours in which sales works."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.business_hours import BusinessHours, parse_hours
from leads.clock import Urgency, clock

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
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


# Clocks go forward on 29 March 2026 in Berlin and back on 25 October; in New York on 8 March and 1 November.
# India has none of it and half an hour to spare.
@pytest.mark.parametrize(
    ("hours", "zone", "now", "minutes", "before"),
    [
        ("Mo-Su 00:00-23:00", "Europe/Berlin", "2026-03-29T04:00+02:00", 120, "2026-03-29T01:00+01:00"),
        ("Mo-Su 00:00-23:00", "Europe/Berlin", "2026-10-25T04:00+01:00", 120, "2026-10-25T02:00+01:00"),
        ("Mo-Su 00:00-23:00", "Europe/Berlin", "2026-10-25T02:30+01:00", 60, "2026-10-25T02:30+02:00"),
        ("Mo-Fr 09:00-17:00", "Europe/Berlin", "2026-03-30T09:02+02:00", 5, "2026-03-27T16:57+01:00"),
        ("Mo-Fr 09:00-17:00", "Europe/Berlin", "2026-10-26T09:02+01:00", 5, "2026-10-23T16:57+02:00"),
        ("Mo-Fr 09:00-17:00", "America/New_York", "2026-03-09T09:02-04:00", 5, "2026-03-06T16:57-05:00"),
        ("Mo-Fr 09:00-17:00", "America/New_York", "2026-11-02T09:02-05:00", 5, "2026-10-30T16:57-04:00"),
        ("Mo-Fr 09:00-17:00", "America/New_York", "2026-11-25T22:00+00:00", 30, "2026-11-25T16:30-05:00"),
        ("Mo-Fr 09:00-17:00", "Asia/Kolkata", "2026-11-25T03:32+00:00", 5, "2026-11-24T16:57+05:30"),
        ("Mo-Fr 09:00-17:00", "Pacific/Auckland", "2026-11-24T21:00+00:00", 60, "2026-11-25T09:00+13:00"),
    ],
)
def test_an_hour_is_an_hour_whatever_clocks_do_and_wherever_sales_sits(
    hours: str, zone: str, now: str, minutes: int, before: str
) -> None:
    wanted = datetime.fromisoformat(before).astimezone(UTC)
    for moment in (datetime.fromisoformat(now), datetime.fromisoformat(now).astimezone(ZoneInfo(zone))):
        since = parse_hours(hours, zone).before(moment, timedelta(minutes=minutes))
        assert since.astimezone(UTC) == wanted


@given(
    st.datetimes(FIRST, FIRST + timedelta(days=400), timezones=st.just(UTC)),
    st.integers(1, 3000),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"]),
    st.sampled_from(["Mo-Fr 09:00-17:00", "Mo-Su 01:00-03:30", "Sa-Su 00:00-23:59"]),
)
def test_as_much_working_time_passes_as_a_clock_in_utc_counts(
    now: datetime, minutes: int, zone: str, hours: str
) -> None:
    now = now.replace(second=0, microsecond=0)
    found = parse_hours(hours, zone)
    since = found.before(now, timedelta(minutes=minutes)).astimezone(UTC)
    counted = sum(is_open(found, since + timedelta(minutes=n)) for n in range((now - since) // MINUTE))
    assert counted == minutes or now - since > timedelta(days=7)


def is_open(hours: BusinessHours, moment: datetime) -> bool:
    local = moment.astimezone(hours.zone)
    return local.weekday() in hours.days and hours.opens <= local.time() < hours.closes


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
