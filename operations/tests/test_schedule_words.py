"""When jobs run, in words."""

import pytest
from django.utils import translation
from django_celery_beat.models import CrontabSchedule, IntervalSchedule

from operations.schedule.words import crontab_in_words, default_in_words, interval_in_words


@pytest.mark.parametrize(
    ("every", "period", "english", "german"),
    [
        (1, "days", "every day", "jeden Tag"),
        (2, "hours", "every 2 hours", "alle 2 Stunden"),
        (1, "seconds", "every second", "jede Sekunde"),
    ],
)
def test_an_interval(every: int, period: str, english: str, german: str) -> None:
    interval = IntervalSchedule(every=every, period=period)
    with translation.override("en"):
        assert interval_in_words(interval) == english
    with translation.override("de"):
        assert interval_in_words(interval) == german


@pytest.mark.parametrize(
    ("parts", "german"),
    [
        ({"minute": "42", "hour": "3"}, "täglich um 03:42 UTC"),
        ({"minute": "7"}, "stündlich zur Minute 7"),
        ({"minute": "3", "hour": "5-11", "day_of_week": "1"}, "3 5-11 * * 1 UTC"),
        ({"minute": "*/5"}, "*/5 * * * * UTC"),
        ({"minute": "0", "hour": "3", "day_of_month": "1"}, "0 3 1 * * UTC"),
    ],
)
def test_a_crontab_is_told_in_words_if_there_are_any_for_it(parts: dict[str, str], german: str) -> None:
    with translation.override("de"):
        assert crontab_in_words(CrontabSchedule(timezone="UTC", **parts)) == german


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        ("Default: every 5 seconds", "alle 5 Sekunden"),
        ("Default: 42 3 * * * (m/h/dM/MY/d) UTC", "täglich um 03:42 UTC"),
        ("", "-"),
        ("Ours", "Ours"),
    ],
)
def test_a_default_is_told_as_the_schedule_is(stored: str, german: str) -> None:
    with translation.override("de"):
        assert default_in_words(stored) == german
