"""script/install.py and script/setup, against a package index on this machine."""

import base64
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

from config.tests.processes import PROJECT


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", PROJECT / "script" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.delenv("PIP_CERT", raising=False)
    return module


def test_a_python_without_venv_is_told_what_to_install() -> None:
    hide = "import runpy, sys; sys.modules['venv'] = None; runpy.run_path('script/install.py')"
    result = subprocess.run(
        [sys.executable, "-c", hide], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert result.stderr.count("\n") == 1


class Index(BaseHTTPRequestHandler):
    """A package index that has one file and wants to know who asks."""

    seen: list[tuple[str, str | None]] = []
    wheel = b"not the wheel you know"

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        page = b'<a href="../../files/pip-26.3-py3-none-any.whl#sha256=0">pip</a>'
        self.send_response(200)
        self.end_headers()
        self.wfile.write(page if self.path == "/simple/pip/" else self.wheel)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Index]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        Thread(target=server.serve_forever).start()
        Index.seen = []
        monkeypatch.setenv("PIP_INDEX_URL", f"http://me:s%40fe@127.0.0.1:{server.server_port}/simple")
        monkeypatch.setenv("NO_PROXY", "*")
        yield Index
        server.shutdown()


def test_a_pip_that_is_not_the_pinned_one_is_refused(install: ModuleType, index: type[Index]) -> None:
    with pytest.raises(OSError, match="is not the file we know"):
        install.fetch()


def test_the_pinned_pip_comes_from_the_index_of_the_operator(
    install: ModuleType, index: type[Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "PIP_SHA256", install.hashlib.sha256(Index.wheel).hexdigest())
    assert install.fetch() == Index.wheel
    authorization = "Basic " + base64.b64encode(b"me:s@fe").decode()
    assert index.seen == [
        ("/simple/pip/", authorization),
        ("/files/pip-26.3-py3-none-any.whl", authorization),
    ]


def test_the_credentials_of_the_index_are_never_shown(install: ModuleType, index: type[Index]) -> None:
    assert "s%40fe" not in install.index()


def test_without_the_index_the_pip_of_this_python_serves(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setattr(install, "bundled_pip", lambda: tmp_path / "bundled.whl")
    assert install.pip() == tmp_path / "bundled.whl"


def test_without_any_pip_one_line_names_the_index(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setattr(install, "bundled_pip", lambda: None)
    with pytest.raises(
        SystemExit, match=r"^pip cannot be fetched from http://127.0.0.1:1/simple: .*network.*$"
    ):
        install.pip()


@pytest.fixture
def made(install: ModuleType) -> ModuleType:
    install.VENV.mkdir()
    (install.VENV / "made-for").write_text(install.identity())
    return install


def test_a_complete_environment_is_left_alone(made: ModuleType) -> None:
    assert made.intact()


def test_an_interrupted_installation_is_not_trusted(made: ModuleType) -> None:
    made.unfinished().touch()
    assert not made.intact()


@pytest.mark.parametrize("other", ["/elsewhere/.venv 3.11.2", ""])
def test_an_environment_of_another_place_or_python_is_not_trusted(made: ModuleType, other: str) -> None:
    (made.VENV / "made-for").write_text(other)
    assert not made.intact()


def test_a_link_to_a_complete_environment_is_as_good_as_that(
    made: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (link := tmp_path / "link").symlink_to(made.VENV)
    monkeypatch.setattr(made, "VENV", link)
    assert made.intact()


def test_a_link_to_what_is_no_environment_is_left_alone(install: ModuleType, tmp_path: Path) -> None:
    (other := tmp_path / "other").mkdir()
    install.VENV.symlink_to(other)
    with pytest.raises(SystemExit, match=r"is a symbolic link .* Remove the link\.$"):
        install.install(tmp_path / "lock")
    assert other.exists()


def setup(python: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROJECT / "script" / "setup", "requirements-local.txt"],
        env={**os.environ, "PYTHON": str(python)},
        capture_output=True,
        text=True,
    )


def test_an_old_python_gets_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n')
    old.chmod(0o755)
    result = setup(old)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Python 3.11 to 3.14 is needed; {old} is Python 3.9.2")
    assert len(result.stderr.splitlines()) == 1


def test_a_python_that_is_not_there_gets_one_line() -> None:
    result = setup("/nowhere/python3")
    assert result.returncode == 1
    assert "/nowhere/python3 is not there" in result.stderr
