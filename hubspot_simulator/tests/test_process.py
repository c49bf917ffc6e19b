"""The simulator as it is started in development: a process of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from .conftest import CONTACTS, TOKEN

COMMAND = [sys.executable, "-m", "hubspot_simulator", "--token", TOKEN, "--port", "0"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("HubSpot simulator: http://127.0.0.1:"), line
            yield process, line.split()[-1]
        finally:
            process.kill()


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_listens_and_stops_cleanly(order: signal.Signals) -> None:
    with started() as (process, url):
        session = requests.Session()
        assert session.get(url + CONTACTS, headers=HEADERS, timeout=5).status_code == 200
        process.send_signal(order)
        assert process.communicate(timeout=5) == ("", "")
        assert process.returncode == 0


def test_records_survive_a_kill(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state.json"))
    body = {"properties": {"email": "ann@b.io"}}
    with started(*options) as (_, url):
        assert requests.post(url + CONTACTS, headers=HEADERS, json=body, timeout=5).status_code == 201
    with started(*options) as (_, url):
        assert requests.post(url + CONTACTS, headers=HEADERS, json=body, timeout=5).status_code == 409


def test_the_limit_is_an_option() -> None:
    with started("--limit", "1") as (_, url):
        seen = [requests.get(url + CONTACTS, headers=HEADERS, timeout=5).status_code for _ in range(2)]
        assert seen == [200, 429]


def refused(*options: str) -> str:
    run = subprocess.run([*COMMAND, *options], capture_output=True, text=True, timeout=10, check=False)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    return run.stderr


def test_a_state_file_that_is_broken_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{")
    assert "Move it away to start empty." in refused("--state", str(tmp_path / "state.json"))


def test_a_state_file_in_no_folder_is_one_line(tmp_path: Path) -> None:
    assert "No such file or directory" in refused("--state", str(tmp_path / "none" / "state.json"))


def test_a_port_in_use_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert "Address already in use" in refused("--port", str(taken.getsockname()[1]))


def test_no_django_is_loaded() -> None:
    script = "import sys, hubspot_simulator.__main__; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
