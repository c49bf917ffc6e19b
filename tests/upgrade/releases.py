"""Two ways to run a release: out of its files with our Python, or as the image that is built of them."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from honcho.environ import parse_procfile

from config.tests.processes import PROJECT

# Until there is a tag: the first commit whose tables have the names of today, 17 migrations ago.
FIRST = "35eaa2a"
USER = 10001
PRIVATE = ("pid", "ipc", "uts", "mount")  # the network is the machine's: no published ports here


class Release(Protocol):
    """`files` is where they lie on this machine."""

    name: str
    prepare: str  # the command that a release of files wants first

    @property
    def files(self) -> Path: ...

    def start(self, line: str, environment: Mapping[str, str], log: Path) -> "Process": ...


@dataclass
class Process:
    """A running process of a release, in the foreground or not."""

    process: subprocess.Popen[bytes]
    container: str = ""

    def stop(self, seconds: float = 40) -> int:
        """SIGTERM, as a supervisor sends it; its exit status. Raises TimeoutExpired when it stays."""
        if self.process.poll() is None:
            self._send(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        if self.process.poll() is None:
            self._send(signal.SIGKILL)
        self.process.wait()

    def _send(self, number: signal.Signals) -> None:
        if self.container:
            subprocess.run(["runc", "kill", self.container, str(int(number))], check=False)
        else:
            os.killpg(self.process.pid, number)


def last_release() -> str:
    """The newest tag of a release before this commit; without one, FIRST."""
    found = git("describe", "--tags", "--abbrev=0", "HEAD^")
    return found.stdout.decode().strip() if not found.returncode else FIRST


def git(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *words], cwd=PROJECT, capture_output=True)


def files_of(commit: str, directory: Path) -> Path:
    """The files of a commit, in a directory of their own. Raises LookupError in a shallow clone."""
    archive = git("archive", "--format=tar", commit)
    if archive.returncode:
        raise LookupError(f"This clone has no commit {commit}. Fetch the whole history.")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        files.extractall(directory, filter="data")
    return directory


@dataclass
class Checkout:
    """A release as plain processes, with the packages of this .venv."""

    name: str
    files: Path
    prepare: str = "collectstatic --noinput"

    def start(self, line: str, environment: Mapping[str, str], log: Path) -> Process:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        with log.open("ab") as output:
            started = subprocess.Popen(
                ["/bin/sh", "-c", f"exec env {line}"],
                cwd=self.files,
                env={**environment, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return Process(started)


@dataclass
class Image:
    """A release as containers of runc: read-only, as its user, without any capability, /tmp in memory."""

    name: str
    root: Path  # of the mounted image
    config: dict[str, Any]  # as the image says it
    prepare: str = "check"

    @property
    def files(self) -> Path:
        return self.root / "app"

    def start(self, line: str, environment: Mapping[str, str], log: Path) -> Process:
        bundle = Path(tempfile.mkdtemp(prefix="bundle-"))
        name = bundle.name
        words = ["/bin/sh", "-c", f"exec env {line}"]
        (bundle / "config.json").write_text(json.dumps(self.specification(words, environment)))
        with log.open("ab") as output:
            started = subprocess.Popen(
                ["runc", "run", "--bundle", str(bundle), name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        return Process(started, name)

    def specification(self, words: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
        """What compose and the manifests ask for: read_only, cap_drop ALL, no new privileges, tmpfs /tmp."""
        variables = [*self.config.get("Env", ()), *(f"{name}={value}" for name, value in environment.items())]
        return {
            "ociVersion": "1.0.0",
            "process": {
                "user": {"uid": USER, "gid": USER},
                "args": words,
                "env": variables,
                "cwd": self.config.get("WorkingDir") or "/app",
                "capabilities": {},
                "noNewPrivileges": True,
            },
            "root": {"path": str(self.root), "readonly": True},
            "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {
                    "destination": "/dev",
                    "type": "tmpfs",
                    "source": "tmpfs",
                    "options": ["nosuid", "mode=755", "size=64k"],
                },
                {
                    "destination": "/dev/shm",  # of the container
                    "type": "tmpfs",
                    "source": "shm",
                    "options": ["nosuid", "nodev", "noexec", "mode=1777", "size=64m"],
                },
                {
                    "destination": "/tmp",  # of the container
                    "type": "tmpfs",
                    "source": "tmpfs",
                    "options": ["nosuid", "nodev", "mode=1777"],
                },
            ],
            "linux": {"namespaces": [{"type": each} for each in PRIVATE]},
        }


def mounted(name: str) -> Image:
    """A working container of buildah's, or an image, mounted. Raises CalledProcessError without one."""
    container = name if name in buildah("containers", "--format", "{{.ContainerName}}").split() else ""
    container = container or buildah("from", "--pull-never", name)
    found = json.loads(buildah("inspect", container))
    return Image(name, Path(buildah("mount", container)), found["OCIv1"]["config"])


def buildah(*words: str) -> str:
    line = ["buildah", *words]
    found = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
    return found.stdout.strip()


def procfile(release: Release) -> dict[str, str]:
    """{process: its command} of a release."""
    found: dict[str, str] = parse_procfile((release.files / "Procfile").read_text()).processes
    return found


def migrations(release: Release) -> dict[str, str]:
    """{app: its newest migration} of a release."""
    found = (path for path in release.files.glob("*/migrations/0*.py"))
    return {path.parts[-3]: path.stem for path in sorted(found)}
