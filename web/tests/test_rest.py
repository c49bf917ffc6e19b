from web.rest import RestAfterFailure


def test_there_is_no_rest_before_a_failure() -> None:
    assert not RestAfterFailure().active


def test_a_failure_begins_a_rest() -> None:
    rest = RestAfterFailure()
    rest.begin()
    assert rest.active


def test_a_rest_ends_with_its_time() -> None:
    rest = RestAfterFailure(seconds=0.0)
    rest.begin()
    assert not rest.active
