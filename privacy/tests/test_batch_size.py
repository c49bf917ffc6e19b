"""Batches that nobody waits for."""

from privacy.clearing.batch_size import FIRST, LEAST, MOST, BatchSize


def test_a_quick_batch_makes_the_next_one_half_as_large_again() -> None:
    pace = BatchSize()
    pace.took(0.001)
    assert pace.size == FIRST * 1.5


def test_a_slow_batch_makes_the_next_one_as_much_smaller() -> None:
    pace = BatchSize(size=400)
    pace.took(0.2)
    assert pace.size == 200


def test_a_batch_never_becomes_too_small_to_get_on_or_too_large() -> None:
    slow, quick = BatchSize(), BatchSize()
    for _ in range(30):
        slow.took(60)
        quick.took(0)
    assert (slow.size, quick.size) == (LEAST, MOST)


def test_a_batch_that_was_cut_off_is_tried_with_a_quarter_of_it() -> None:
    pace = BatchSize(size=400)
    pace.cut_off()
    assert (pace.size, pace.at_least) == (100, False)
    pace.cut_off()
    assert (pace.size, pace.at_least) == (LEAST, True)
