"""Batches that nobody waits for."""

from privacy.clearing.batch_size import BatchSize


def batch_size(size: int) -> BatchSize:
    return BatchSize(size, least=25, most=2000, target=0.1)


def test_a_quick_batch_makes_the_next_one_half_as_large_again() -> None:
    size = batch_size(50)
    size.took(0.001)
    assert size.size == 75


def test_a_slow_batch_makes_the_next_one_as_much_smaller() -> None:
    size = batch_size(400)
    size.took(0.2)
    assert size.size == 200


def test_a_batch_never_becomes_too_small_to_get_on_or_too_large() -> None:
    slow, quick = batch_size(50), batch_size(50)
    for _ in range(30):
        slow.took(60)
        quick.took(0)
    assert (slow.size, quick.size) == (25, 2000)


def test_a_batch_that_was_cut_off_is_tried_with_a_quarter_of_it() -> None:
    size = batch_size(400)
    size.cut_off()
    assert (size.size, size.at_least) == (100, False)
    size.cut_off()
    assert (size.size, size.at_least) == (25, True)
