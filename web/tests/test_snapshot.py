import pytest

from web import snapshot
from web.snapshot import Snapshot


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [100.0]
    monkeypatch.setattr(snapshot, "SECONDS", 5.0)
    monkeypatch.setattr("web.snapshot.time.monotonic", lambda: moment[0])
    return moment


def test_a_value_is_read_again_when_its_seconds_are_over(clock: list[float]) -> None:
    numbers = iter([1, 2])
    values = Snapshot(lambda: next(numbers))
    assert values() == 1
    clock[0] = 104.9
    assert values() == 1
    clock[0] = 105.0
    assert values() == 2


def test_each_argument_has_a_value_of_its_own(clock: list[float]) -> None:
    upper = Snapshot(str.upper)
    assert [upper("a"), upper("b"), upper("a")] == ["A", "B", "A"]


def test_a_forgotten_value_is_read_again(clock: list[float]) -> None:
    numbers = iter(range(9))
    values = Snapshot(lambda: next(numbers))
    assert [values(), values()] == [0, 0]
    values.forget()
    assert values() == 1


def test_an_error_is_not_remembered(clock: list[float]) -> None:
    answers = iter([0, 5])
    values = Snapshot(lambda: 10 // next(answers))
    with pytest.raises(ZeroDivisionError):
        values()
    assert values() == 2
