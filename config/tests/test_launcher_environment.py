import socket
from pathlib import Path

import pytest
import requests

from config.embedded.valkey import free_port
from config.launcher.commands import commands
from config.launcher.environment import LaunchError, plan
from config.tests.processes import first_line, launch

IN_A_SHELL = "import os, sys; os.execl('/bin/sh', 'sh', '-c', 'exec ' + sys.argv[1])"


@pytest.fixture
def port() -> str:
    return str(free_port())


def test_addresses_follow_host_and_port(tmp_path: Path, port: str) -> None:
    settled = plan({"PORT": port, "HOST": "0.0.0.0"}, tmp_path)
    assert settled.urls["form"] == f"http://127.0.0.1:{port}/"
    assert settled.urls["admin"] == f"http://127.0.0.1:{port}/admin/"
    assert settled.settings["HOST"] == "0.0.0.0"


def test_a_form_is_for_this_machine_only_unless_told_otherwise(tmp_path: Path, port: str) -> None:
    assert plan({"PORT": port}, tmp_path).settings["HOST"] == "127.0.0.1"


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", "80 ", "٨٠"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(LaunchError, match=r"Set it to a number from 1 to 65535"):
        plan({"PORT": text}, tmp_path)


@pytest.mark.parametrize("name", ["x86_64-conda-linux-gnu", "arm64-apple-darwin20.0.0"])
def test_the_host_of_conda_is_nobodys_address(tmp_path: Path, port: str, name: str) -> None:
    assert plan({"PORT": port, "HOST": name}, tmp_path).settings["HOST"] == "127.0.0.1"


@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_ipv6_may_be_written_with_or_without_brackets(tmp_path: Path, port: str, host: str) -> None:
    settled = plan({"PORT": port, "HOST": host}, tmp_path)
    assert (settled.settings["HOST"], settled.form) == ("::1", f"http://[::1]:{port}/")


def test_the_simulator_has_the_same_port_at_every_start(tmp_path: Path, port: str) -> None:
    assert plan({"PORT": port}, tmp_path).simulator_port == int(port) + 10


def test_a_host_that_is_not_ours_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(LaunchError, match=f"PORT {port} on 192.0.2.1 cannot be used"):
        plan({"PORT": port, "HOST": "192.0.2.1"}, tmp_path)


def test_secrets_are_random_kept_and_private(tmp_path: Path, port: str) -> None:
    first, second = (plan({"PORT": port}, tmp_path).settings for _ in range(2))
    assert first["SECRET_KEY"] == second["SECRET_KEY"] != first["HUBSPOT_TOKEN"]
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_values_of_the_operator_win(tmp_path: Path, port: str) -> None:
    settings = plan({"PORT": port, "SECRET_KEY": "mine", "DEBUG": "false"}, tmp_path).settings
    assert (settings["SECRET_KEY"], settings["DEBUG"]) == ("mine", "false")


def test_a_hubspot_of_the_operator_replaces_the_simulator(tmp_path: Path, port: str) -> None:
    settled = plan({"PORT": port, "HUBSPOT_BASE_URL": "https://api.hubapi.com"}, tmp_path)
    assert settled.simulator_port is None
    assert settled.urls["hubspot"] == "https://api.hubapi.com/"
    assert "HUBSPOT_TOKEN" not in settled.settings


def test_a_simulator_port_in_use_is_replaced(
    tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken_port = taken.getsockname()[1]
        monkeypatch.setattr("config.launcher.environment.FORM_PORT", int(port))
        monkeypatch.setattr("config.launcher.environment.SIMULATOR_PORT", taken_port)
        settled = plan({"PORT": port}, tmp_path)
    assert settled.simulator_port not in (None, taken_port)
    assert settled.settings["HUBSPOT_BASE_URL"] == f"http://127.0.0.1:{settled.simulator_port}"


def test_the_well_known_port_of_the_simulator_stands_beside_the_well_known_form(
    tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.launcher.environment.FORM_PORT", int(port))
    monkeypatch.setattr("config.launcher.environment.SIMULATOR_PORT", beside := free_port())
    assert plan({"PORT": port}, tmp_path).simulator_port == beside


def test_a_second_product_leaves_the_well_known_port_alone(
    tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.launcher.environment.SIMULATOR_PORT", unused := free_port())
    assert plan({"PORT": port}, tmp_path).simulator_port != unused


def test_the_form_may_take_the_port_of_the_simulator(
    tmp_path: Path, port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.launcher.environment.SIMULATOR_PORT", int(port))
    assert plan({"PORT": port}, tmp_path).simulator_port != int(port)


@pytest.fixture
def procfile(tmp_path: Path) -> Path:
    path = tmp_path / "Procfile"
    path.write_text("web: serve\nworker: work --hard\n")
    return path


def test_production_runs_what_the_procfile_says(procfile: Path) -> None:
    assert commands(procfile, simulator_port=None, state=Path("x")) == {
        "web": "serve",
        "worker": "work --hard",
    }


def test_the_worker_waits_for_a_simulator_that_knows_us(procfile: Path) -> None:
    found = commands(procfile, simulator_port=9, state=Path("/a b/hubspot.json"))
    assert found["web"] == "serve"
    assert found["worker"].split(" && ")[1:] == [
        "python manage.py hubspot_setup --skip-checks",
        "work --hard",
    ]
    assert found["hubspot"].endswith("--state '/a b/hubspot.json'")


def test_the_mailbox_takes_mail_where_nobody_else_does(procfile: Path, tmp_path: Path) -> None:
    settled = plan({"PORT": str(free_port())}, tmp_path)
    assert settled.mailbox
    smtp, page = settled.mailbox
    assert settled.settings["EMAIL_URL"] == f"smtp://127.0.0.1:{smtp}"
    assert settled.urls["mail"] == f"http://127.0.0.1:{page}/"
    assert settled.urls["mail"] in settled.probes
    found = commands(procfile, simulator_port=None, state=Path("x"), mailbox=settled.mailbox)
    assert found["mailbox"] == f"python -m mailbox --smtp-port {smtp} --port {page}"


def test_a_mail_server_of_the_operators_own_has_no_mailbox_beside_it(tmp_path: Path) -> None:
    given = {"PORT": str(free_port()), "EMAIL_URL": "smtp+tls://user:word@mail.example:587"}
    settled = plan(given, tmp_path)
    assert settled.mailbox is None
    assert "mail" not in settled.urls
    assert "EMAIL_URL" not in settled.settings


@pytest.mark.parametrize("token", ["-starts-like-an-option", "two words", "--free"])
def test_any_token_reaches_the_simulator(procfile: Path, tmp_path: Path, token: str) -> None:
    command = commands(procfile, simulator_port=free_port(), state=tmp_path / "hubspot.json")["hubspot"]
    with launch("-c", IN_A_SHELL, command, HUBSPOT_TOKEN=token) as simulator:
        try:
            contacts = f"{first_line(simulator)[-1]}/crm/v3/objects/contacts"
            answer = requests.get(contacts, headers={"Authorization": f"Bearer {token}"}, timeout=5)
        finally:
            simulator.terminate()
    assert answer.status_code == 200
