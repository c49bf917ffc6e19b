"""Durations in words."""

from datetime import timedelta

import pytest

from web.formatting import duration_in_words, minutes_and_seconds


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "now"),
        (0, "now"),
        (59, "now"),
        (60, "1 min"),
        (12 * 60 + 59, "12 min"),
        (3_600, "1 hour"),
        (2 * 3_600, "2 hours"),
        (86_399, "23 hours"),
        (86_400, "1 day"),
        (3 * 86_400, "3 days"),
    ],
)
def test_a_duration_is_said_in_its_largest_whole_unit(seconds: int, words: str) -> None:
    assert duration_in_words(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(("seconds", "words"), [(485, "8:05 min"), (59.6, "1:00 min"), (0, "0:00 min")])
def test_minutes_have_two_digits_of_seconds(seconds: float, words: str) -> None:
    assert minutes_and_seconds(seconds) == words
