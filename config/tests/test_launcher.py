import json
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from config.embedded import watchdog
from config.embedded.valkey import free_port
from config.launcher.readiness import answers
from config.tests.processes import await_that, launch
from tests.migrated import directory_with_tables

pytestmark = pytest.mark.processes

FRESH = {
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "HUBSPOT_BASE_URL": "",
    "HUBSPOT_TOKEN": "",
    "DEBUG": "",
    "SECRET_KEY": "",
    "HOST": "",
}


def server(directory: Path, **environment: str) -> subprocess.Popen[str]:
    settings = FRESH | {"PORT": str(free_port())} | environment
    return launch("-m", "config.launcher", "--directory", directory, **settings)


def urls(process: subprocess.Popen[str], directory: Path) -> dict[str, str]:
    """Where everything is, once it is ready."""
    announced = directory / "urls.json"
    await_that(lambda: announced.exists() or process.poll() is not None, seconds=120)
    assert process.poll() is None, process.communicate()
    found: dict[str, str] = json.loads(announced.read_text())
    return found


def launch_id(directory: Path) -> str:
    return str(json.loads((directory / "services.json").read_text())["launch_id"])


def refusal(process: subprocess.Popen[str]) -> str:
    """The one line on standard error of a launcher that does not start."""
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    (line,) = errors.splitlines()
    return line


def test_killed_for_good_it_leaves_the_data_and_ends_when_its_directory_is_removed(
    tmp_path: Path,
) -> None:
    first = server(directory_with_tables(tmp_path))
    found = urls(first, tmp_path)
    assert all(answers(url) for url in found.values())
    assert f"in use by process {first.pid}" in refusal(server(tmp_path))
    mark, kept = launch_id(tmp_path), (tmp_path / "secrets.json").read_text()
    assert len(watchdog.processes_of(mark)) > 6
    first.kill()
    await_that(lambda: not watchdog.processes_of(mark))
    output, errors = first.communicate()
    assert "Traceback" not in output + errors
    assert len(re.findall(r"password: ", output)) == 1
    assert [line for line in output.splitlines() if line.startswith("{")] == []  # the log has them
    assert not any(answers(url) for url in found.values())

    second = server(tmp_path)
    urls(second, tmp_path)
    assert (tmp_path / "secrets.json").read_text() == kept
    mark = launch_id(tmp_path)
    subprocess.run(["rm", "-rf", tmp_path], check=True)  # as a person would
    output, errors = second.communicate(timeout=120)
    assert second.returncode == 1
    assert errors == f"{tmp_path} is gone, so everything was stopped. Start it again.\n"
    assert watchdog.processes_of(mark) == []
    assert "Lost the password? script/manage changepassword admin@localhost.localdomain" in output
    assert "password: " not in output


def test_when_one_process_ends_all_are_stopped_and_the_launcher_fails(tmp_path: Path) -> None:
    process = server(directory_with_tables(tmp_path), GUNICORN_CMD_ARGS="--no-such-option")
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert errors.splitlines()[-1].startswith("A process ended, so everything was stopped")
    assert not (tmp_path / "urls.json").exists()


def test_a_stop_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    process = server(tmp_path)
    await_that((tmp_path / "services.json").exists)
    mark = launch_id(tmp_path)
    process.send_signal(signal.SIGHUP)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGHUP
    assert "Traceback" not in errors
    assert watchdog.processes_of(mark) == []


def test_a_port_in_use_gets_one_line_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refusal(server(tmp_path, PORT=port))
    assert line == (
        f"PORT {port} on 127.0.0.1 cannot be used: Address already in use. "
        "Choose another: PORT=8001 script/server"
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "DATABASE_URL cannot be used"),
        ("DATABASE_URL", "gibberish", "DATABASE_URL cannot be used"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "REDIS_URL cannot be used"),
        ("REDIS_URL", "gibberish", "REDIS_URL cannot be used"),
    ],
)
def test_a_wrong_address_of_a_real_service_gets_one_line(
    tmp_path: Path, name: str, value: str, expected: str
) -> None:
    assert refusal(server(tmp_path, **{name: value})).startswith(expected)


def test_a_directory_that_cannot_be_written_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "file cannot be used: File exists" in refusal(server(tmp_path / "file"))
