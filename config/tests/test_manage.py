"""script/manage: beside a running script/server, and on services of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import Services
from config.launcher.environment import NOTE, announce_environment
from config.launcher.manage import command_environment, split_arguments
from config.tests.processes import PROJECT, launch

ELSEWHERE = Services("postgresql://theirs/a", "redis://theirs/0", "mark", owner=1)
OURS = Services("postgresql://ours/a", "redis://ours/0", "mark", owner=os.getpid())
NOBODYS = {"DATABASE_URL": "", "REDIS_URL": "", "DEBUG": "", "SECRET_KEY": "", "ENV_FILE": os.devnull}


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """The directory of a running script/server whose simulator listens on port 8011."""
    announce_environment(
        tmp_path,
        {"SECRET_KEY": "theirs", "HUBSPOT_BASE_URL": "http://127.0.0.1:8011", "PATH": "/bin", "HOST": ""},
    )
    return tmp_path


def test_a_command_is_told_what_the_processes_of_a_running_product_were_told(beside: Path) -> None:
    told = command_environment(beside, ELSEWHERE, {})
    assert told["SECRET_KEY"] == "theirs"
    assert told["HUBSPOT_BASE_URL"] == "http://127.0.0.1:8011"
    assert told["DATABASE_URL"] == "postgresql://theirs/a"


def test_only_settings_of_the_product_are_written_down_and_for_its_user_only(beside: Path) -> None:
    assert command_environment(beside, ELSEWHERE, {}).keys() & {"PATH", "HOST"} == set()
    assert (beside / NOTE).stat().st_mode & 0o777 == 0o600


def test_a_variable_of_the_caller_goes_first_unless_it_is_empty(beside: Path) -> None:
    told = command_environment(beside, ELSEWHERE, {"SECRET_KEY": "mine", "HUBSPOT_BASE_URL": ""})
    assert (told["SECRET_KEY"], told["HUBSPOT_BASE_URL"]) == ("mine", "http://127.0.0.1:8011")


def test_what_a_product_left_behind_in_a_power_cut_is_not_believed(beside: Path) -> None:
    told = command_environment(beside, OURS, {})
    assert "HUBSPOT_BASE_URL" not in told
    assert told["SECRET_KEY"] != "theirs"


def test_without_a_product_a_command_has_the_secret_that_the_next_one_will_have(tmp_path: Path) -> None:
    first, second = (command_environment(tmp_path / "new", OURS, {})["SECRET_KEY"] for _ in range(2))
    assert first == second


def test_the_directory_stands_before_the_command_and_its_options(tmp_path: Path) -> None:
    assert split_arguments(["--directory", str(tmp_path), "test", "--directory", "x"]) == (
        tmp_path,
        ["test", "--directory", "x"],
    )
    assert split_arguments(["shell"]) == (PROJECT / ".local", ["shell"])


@pytest.mark.processes
def test_without_a_product_services_run_as_long_as_the_command_which_gives_its_exit_code(
    tmp_path: Path,
) -> None:
    process = launch("-m", "config.launcher.manage", "--directory", tmp_path / "data", "figures", **NOBODYS)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert output == ""
    assert errors == (
        "The database lacks a table or a column of this release. Run the command migrate first.\n"
    )
    assert not (tmp_path / "data/services.json").exists()


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["figures"], "The database cannot be used: connection failed"),
        (["nonsense"], "Unknown command: 'nonsense'"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(command: list[str], told: str, tmp_path: Path) -> None:
    """From another directory, with a database that is not there."""
    result = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *command],
        cwd=tmp_path,
        env={**os.environ, **NOBODYS, "DEBUG": "true", "DATABASE_URL": "postgresql://a@127.0.0.1:1/b"}
        | {"REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(told)
    assert "Traceback" not in result.stderr
