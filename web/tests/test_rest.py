from web.rest import RestAfterFailure


def test_a_rest_begins_with_a_failure_and_ends_with_time() -> None:
    rest = RestAfterFailure(seconds=0.0)
    assert not rest.active
    rest.seconds = 60.0
    rest.begin()
    assert rest.active
    rest.end()
    assert not rest.active
