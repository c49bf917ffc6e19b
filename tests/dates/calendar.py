"""Moments at which code that reads the clock goes wrong. All in UTC."""

from datetime import UTC, datetime

MOMENTS = tuple(
    datetime.fromisoformat(moment).replace(tzinfo=UTC)
    for moment in (
        # Leap days, the days beside them, and thirty days on
        "2024-02-29T12:00",
        "2028-02-28T23:00",
        "2028-02-29T00:05",
        "2028-02-29T22:30",
        "2028-03-01T00:05",
        "2028-03-30T12:00",
        "2027-02-28T23:00",
        "2027-03-01T00:05",
        "2100-03-01T00:05",  # no leap year
        # Month ends
        "2026-11-28T12:00",
        "2026-11-30T12:00",
        "2027-01-30T12:00",
        "2027-01-31T22:00",
        "2027-03-31T12:00",
        "2027-04-30T12:00",
        "2027-05-31T00:05",
        "2027-06-30T22:00",
        "2027-07-31T12:00",
        "2027-08-31T12:00",
        "2027-09-01T00:05",
        "2027-09-30T12:00",
        # New Year, the 366th day, ISO week 53 and week 1 in December
        "2025-12-29T12:00",
        "2025-12-31T12:00",
        "2026-12-28T00:05",
        "2026-12-31T22:00",
        "2027-01-01T00:05",
        "2027-01-03T12:00",
        "2028-12-31T12:00",
        "2029-01-01T00:05",
        "2032-12-31T12:00",
        "2033-01-02T12:00",
        # Summer time begins and ends: Berlin, New York, Sydney
        "2027-03-28T00:40",
        "2027-03-28T01:05",
        "2027-10-31T00:40",
        "2027-10-31T01:05",
        "2027-03-14T07:05",
        "2027-11-07T05:40",
        "2027-04-03T16:05",
        # The end of 32-bit seconds, and a century's turn
        "2038-01-19T03:10",
        "2099-12-31T12:00",
    )
)
