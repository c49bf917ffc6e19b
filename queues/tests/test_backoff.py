import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.backoff import SCHEDULE, retry_delay

chances = st.floats(0, 1)


@pytest.mark.parametrize(
    ("failures", "longest"), [(1, 60), (2, 300), (3, 900), (4, 1800), (5, 3600), (6, 3600), (10_000, 3600)]
)
def test_each_failure_waits_its_step_of_the_schedule_at_most(failures: int, longest: int) -> None:
    assert retry_delay(failures, 1.0) == longest


def test_no_failure_yet_waits_like_the_first() -> None:
    assert retry_delay(0, 1.0) == SCHEDULE[0]


@given(st.integers(0, 10**9), chances)
def test_a_delay_lies_between_now_and_the_step(failures: int, chance: float) -> None:
    assert 0 <= retry_delay(failures, chance) <= SCHEDULE[-1]


@given(st.integers(1, 100), chances, chances)
def test_jitter_spreads_the_tries_over_the_whole_step(failures: int, one: float, other: float) -> None:
    assert (retry_delay(failures, one) <= retry_delay(failures, other)) == (one <= other)


@given(st.integers(1, 100), chances)
def test_a_step_that_must_pass_is_spread_behind_its_end(failures: int, chance: float) -> None:
    step = retry_delay(failures, 1.0)
    assert step <= retry_delay(failures, chance, jitter=(1.0, 1.2)) <= 1.2 * step
