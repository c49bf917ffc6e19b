from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubspot_sync.http.backoff import outage_delay, until_midnight

chances = st.floats(0, 1)


@given(st.integers(1, 10**6), chances)
def test_an_outage_never_waits_longer_than_half_an_hour(outages: int, chance: float) -> None:
    assert outage_delay(outages, chance) <= 1800


@pytest.mark.parametrize(
    ("now", "zone", "hours"),
    [
        ("2026-11-20T12:00+00:00", "UTC", 12),
        ("2026-11-20T12:00+00:00", "America/New_York", 17),
        ("2026-03-07T23:00-05:00", "America/New_York", 1),
        ("2026-03-08T01:00-05:00", "America/New_York", 22),  # the day that loses an hour
        ("2026-10-25T00:30+02:00", "Europe/Berlin", 24.5),  # and the one that gains one
        ("2026-11-20T00:05+00:00", "UTC", 0.25),  # our clock may be ahead
    ],
)
def test_a_new_day_begins_at_midnight_of_the_account(now: str, zone: str, hours: float) -> None:
    assert until_midnight(datetime.fromisoformat(now), zone) == hours * 3600
