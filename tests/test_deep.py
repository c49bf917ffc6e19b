"""A run of the deep checks can be gone on with, and its report says what was checked of what."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.tests.processes import PROJECT
from tests import deep
from tests.deep import PARTS, Part, main

Run = Callable[..., int]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "artifacts/deep.json"


@pytest.fixture
def ran(tmp_path: Path) -> Callable[[], list[str]]:
    """The parts that ran since it was last asked, in order."""

    def asked() -> list[str]:
        file = tmp_path / "ran"
        found = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        return found

    return asked


@pytest.fixture
def run(tmp_path: Path, report: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Three parts, of which those in `fail` fail, on a commit."""

    def whole(*arguments: str, fail: tuple[str, ...] = (), commit: str = "c1") -> int:
        monkeypatch.setattr(deep, "commit", lambda: commit)
        parts = [
            Part(short, f"{short} in full", ("sh", "-c", f"echo {short} >>{tmp_path}/ran; {after}"))
            for short in ("one", "two", "three")
            for after in ["exit 3" if short in fail else "true"]
        ]
        return main(arguments, parts, report)

    return whole


def told(report: Path) -> list[tuple[str, int, str]]:
    return [(each["part"], each["code"], each["commit"]) for each in json.loads(report.read_text())]


def test_a_part_that_fails_stops_no_other(run: Run, ran: Callable[[], list[str]], report: Path) -> None:
    assert run(fail=("two",)) == 1
    assert ran() == ["one", "two", "three"]
    assert told(report) == [("one", 0, "c1"), ("two", 3, "c1"), ("three", 0, "c1")]


@pytest.mark.parametrize("part", ["2", "two"])
def test_it_goes_on_from_a_part_and_keeps_what_came_before(
    run: Run, ran: Callable[[], list[str]], report: Path, part: str
) -> None:
    run(fail=("one", "two"))
    ran()
    assert run("--from", part, commit="c2") == 0
    assert ran() == ["two", "three"]
    assert told(report) == [("one", 3, "c1"), ("two", 0, "c2"), ("three", 0, "c2")]


@pytest.mark.parametrize("part", ["2", "two"])
def test_one_part_runs_alone_and_the_others_keep_their_outcome(
    run: Run, ran: Callable[[], list[str]], report: Path, part: str
) -> None:
    run()
    ran()
    assert run("--only", part, fail=("two",), commit="c2") == 1
    assert ran() == ["two"]
    assert told(report) == [("one", 0, "c1"), ("two", 3, "c2"), ("three", 0, "c1")]


def test_a_whole_run_keeps_nothing_of_an_earlier_one(run: Run, report: Path) -> None:
    run()
    run(commit="c2")
    assert {commit for _, _, commit in told(report)} == {"c2"}


def test_what_was_done_is_in_the_report_when_a_run_is_stopped(
    run: Run, report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = deep.play

    def stopped_at_the_second(part: Part) -> deep.Outcome:
        if part.short == "two":
            raise KeyboardInterrupt
        return play(part)

    monkeypatch.setattr(deep, "play", stopped_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert told(report) == [("one", 0, "c1")]


def test_the_end_tells_of_every_part(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run("--only", "two", fail=("two",))
    lines = capsys.readouterr().out.splitlines()[-3:]
    assert [line.split()[0] for line in lines] == ["not", "FAILED", "not"]
    assert "on c1" in lines[1]
    assert [line[40:] for line in lines] == ["one in full", "two in full", "three in full"]


@pytest.mark.parametrize("option", ["--from", "--only"])
@pytest.mark.parametrize("part", ["four", "0", "4", "-1", ""])
def test_an_unknown_part_is_named_in_one_line_and_nothing_runs(
    run: Run, ran: Callable[[], list[str]], capsys: pytest.CaptureFixture[str], option: str, part: str
) -> None:
    assert run(f"{option}={part}") == 2
    said = capsys.readouterr()
    assert said.err == f"There is no part {part!r}. The parts: 1 one, 2 two, 3 three\n"
    assert (said.out, ran()) == ("", [])


def test_a_report_from_before_parts_had_names_is_no_obstacle(run: Run, report: Path) -> None:
    report.parent.mkdir()
    report.write_text('[{"name": "one in full", "seconds": 1, "code": 0}]')
    assert run("--from", "three") == 0
    assert told(report) == [("three", 0, "c1")]


def test_no_two_parts_have_one_name() -> None:
    assert len({part.short for part in PARTS}) == len({part.name for part in PARTS}) == len(PARTS)


def test_an_outcome_is_of_the_commit_that_is_checked_out() -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True).stdout
    said = deep.commit().removesuffix("+")
    assert said == head[:12] or (said, head) == ("unknown", "")


def test_the_command_line_reaches_it() -> None:
    command = [sys.executable, "-m", "tests.deep", "--only", "nothing"]
    ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.partition(".")[0]) == (2, "There is no part 'nothing'")
    assert f"{len(PARTS)} {PARTS[-1].short}\n" in ended.stderr
