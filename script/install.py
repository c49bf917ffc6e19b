"""Make .venv hold what a lock file names: `python script/install.py LOCK_FILE [COMMAND...]`.

COMMAND then takes the place of this process: who stops the one stops the other.

Standard library only. Neither pip nor ensurepip need be installed: Debian ships Python without them, so
a pinned pip is fetched from the package index (PIP_INDEX_URL, PIP_CERT) and run out of its wheel.
"""

import base64
import fcntl
import hashlib
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import sysconfig
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

try:
    import venv
except ImportError:  # Debian packs it apart
    sys.exit("This Python has no module venv. Install it: apt install python3-venv")

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PIP = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
INDEX = "https://pypi.org/simple"
TIMEOUT = 30


def main(name: str, *command: str) -> None:
    """Install the lock file `name` unless that is done already; ends with one line when it cannot."""
    try:
        bring_up_to_date(PROJECT / name)
    except OSError as error:
        sys.exit(f"{VENV} cannot be made: {error.strerror or error}.")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
    if command:
        os.execv(command[0], command)  # noqa: S606  # our own scripts call this


def bring_up_to_date(lock: Path) -> None:
    """One installer at a time: the second waits, then finds everything in place.

    Checkouts whose .venv is a link share the environment there, and its lock.
    """
    fcntl.flock(os.open(VENV.resolve().parent, os.O_RDONLY), fcntl.LOCK_EX)  # until this process ends
    stamp = VENV / f"{lock.name}.sha256"
    checksum = hashlib.sha256(lock.read_bytes()).hexdigest()
    if not intact() or not stamp.exists() or stamp.read_text() != checksum:
        install(lock)
        stamp.write_text(checksum)


def intact() -> bool:
    """Whether .venv was made where it lies, by this Python, and no installation into it broke off."""
    made_for = VENV / "made-for"
    return made_for.exists() and made_for.read_text() == identity() and not unfinished().exists()


def identity() -> str:
    return f"{VENV.resolve()} {sys.version}"


def unfinished() -> Path:
    return VENV / "unfinished"


def install(lock: Path) -> None:
    """Bring .venv in line with `lock`; a broken or foreign one is built anew."""
    if not intact():
        if VENV.is_symlink():
            sys.exit(f"{VENV} is a symbolic link to an environment that cannot be used. Remove the link.")
        print(f"Making .venv for Python {sys.version.split()[0]} ...", flush=True)
        if VENV.exists():
            shutil.rmtree(VENV)
        venv.create(VENV, symlinks=True, with_pip=False)
        (VENV / "made-for").write_text(identity())
    unfinished().touch()
    packages = len(re.findall(r"^[A-Za-z0-9].*==", lock.read_text(), re.MULTILINE))
    print(f"Installing {packages} packages of {lock.name} ...", flush=True)
    run_pip(lock)
    unfinished().unlink()


def run_pip(lock: Path) -> None:
    command = [str(VENV / "bin" / "python"), f"{pip()}/pip", "install", "--quiet", "--require-hashes"]
    if shutil.which("setpriv"):
        command = ["setpriv", "--pdeathsig=KILL", *command]  # not even an installation outlives its starter
    # The lock file is complete, so nothing need be resolved; what is never imported need not be compiled.
    options = ["--no-deps", "--only-binary=:all:", "--no-compile", "--no-input", "--retries=2"]
    result = subprocess.run(  # noqa: S603  # our own command
        [*command, *options, "--disable-pip-version-check", "-r", str(lock)],
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if result.returncode:
        told = [line for line in result.stderr.splitlines() if line.startswith("ERROR:")]
        reason = told[-1].removeprefix("ERROR: ") if told else result.stderr.strip()[-300:]
        sys.exit(f"{lock.name} cannot be installed: {reason} Check the network, PIP_INDEX_URL and the disk.")


def pip() -> Path:
    """A wheel of pip: the pinned one, else the one that came with this Python."""
    wheel = VENV / PIP
    if wheel.exists():
        return wheel
    try:
        content = fetch()
    except OSError as error:
        bundled = bundled_pip()
        if bundled is None:
            reason = getattr(error, "reason", None) or error
            sys.exit(f"pip cannot be fetched from {index()}: {reason}. Check the network and PIP_INDEX_URL.")
        return bundled
    wheel.write_bytes(content)
    return wheel


def bundled_pip() -> Path | None:
    spec = find_spec("ensurepip")
    places = [
        sysconfig.get_config_var("WHEEL_PKG_DIR"),
        spec and spec.origin and f"{Path(spec.origin).parent}/_bundled",
    ]
    found = [path for place in places if place for path in sorted(Path(place).glob("pip-*.whl"))]
    return found[-1] if spec and found else None


def fetch() -> bytes:
    """The pinned wheel from the package index. Raises OSError when it is not to be had intact."""
    page = read(f"{index().rstrip('/')}/pip/").decode()
    for link in re.findall(r'href="([^"]+)"', page):
        address = urljoin(f"{index().rstrip('/')}/pip/", link.replace("&amp;", "&"))
        if unquote(urlsplit(address).path).endswith(f"/{PIP}"):
            content = read(urlunsplit(urlsplit(address)._replace(fragment="")))
            if hashlib.sha256(content).hexdigest() != PIP_SHA256:
                raise OSError(f"{PIP} is not the file we know")
            return content
    raise OSError(f"{PIP} is not there")


def index() -> str:
    """The package index without its credentials."""
    parts = urlsplit(os.environ.get("PIP_INDEX_URL", INDEX))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def read(address: str) -> bytes:
    """What is at `address`; the index's credentials go to the index's own host only."""
    request = urllib.request.Request(address)  # noqa: S310  # the operator's own index
    credentials, _, host = urlsplit(os.environ.get("PIP_INDEX_URL", INDEX)).netloc.rpartition("@")
    if credentials and urlsplit(address).netloc == host:
        token = base64.b64encode(unquote(credentials).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    context = ssl.create_default_context(cafile=os.environ.get("PIP_CERT"))
    with urllib.request.urlopen(request, timeout=TIMEOUT, context=context) as response:  # noqa: S310  # as above
        content: bytes = response.read()
        return content


if __name__ == "__main__":
    main(*sys.argv[1:])
