"""The environment of the product's processes: the operator's values, completed with defaults."""

import json
import os
import re
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.embedded.valkey import free_port
from config.environment import is_address, is_here

FORM_PORT = 8000
SIMULATOR_PORT = 8010
MAILBOX_PORT = 8011
LAST_PORT = 65535
SECRETS = ("SECRET_KEY", "HUBSPOT_TOKEN")
NOTE = "environment.json"
EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"  # documents every setting
SCHEMES = {"DATABASE_URL": ("postgresql://", "postgres://"), "REDIS_URL": ("redis://", "rediss://")}


class LaunchError(Exception):
    """The product cannot start. The message is one line for the operator: the problem and the fix."""


@dataclass(frozen=True)
class LaunchPlan:
    """The planned URLs, and the environment of every process."""

    form: str
    hubspot: str
    simulator_port: int | None  # None: HUBSPOT_BASE_URL is set
    settings: dict[str, str]
    mailbox: tuple[int, int] | None = None  # ports of SMTP and HTTP; None: EMAIL_URL is set

    @property
    def mail(self) -> str:
        """The URL of the mailbox page; '' if a real mail server is used."""
        return f"http://127.0.0.1:{self.mailbox[1]}/" if self.mailbox else ""

    @property
    def urls(self) -> dict[str, str]:
        found = {"form": self.form, "admin": f"{self.form}admin/", "hubspot": self.hubspot}
        return found | ({"mail": self.mail} if self.mailbox else {})

    @property
    def probes(self) -> list[str]:
        """The URLs that respond once the product is ready."""
        return [self.form, f"{self.form}admin/login/", *self.stand_ins]

    @property
    def stand_ins(self) -> list[str]:
        return [*([self.hubspot] if self.simulator_port else []), *([self.mail] if self.mailbox else [])]


def service_urls(given: Mapping[str, str]) -> tuple[str, str]:
    """The operator's database and Redis URLs, "" for an embedded one. Raises LaunchError if invalid."""
    for name, schemes in SCHEMES.items():
        if given.get(name) and not given[name].startswith(schemes):
            raise LaunchError(f"{name} cannot be used: it must begin with {schemes[0]}")
    return given.get("DATABASE_URL", ""), given.get("REDIS_URL", "")


def plan(given: Mapping[str, str], directory: Path) -> LaunchPlan:
    """Decide addresses and secrets; secrets are generated once and stored in `directory`, for its user only.

    Raises LaunchError if HOST and PORT cannot be bound to.
    """
    host, port = _host(given), _port(given)
    _check_free(host, port)
    kept = stored_secrets(directory)
    settings = {
        "HOST": host,
        "PORT": str(port),
        "WEB_CONCURRENCY": given.get("WEB_CONCURRENCY") or "1",  # its threads suffice for one visitor
        "DEBUG": given.get("DEBUG") or "true",
        "SECRET_KEY": given.get("SECRET_KEY") or kept["SECRET_KEY"],
    }
    hubspot, simulator_port = given.get("HUBSPOT_BASE_URL", "").rstrip("/"), None
    if not hubspot:
        simulator_port = _port_beside(SIMULATOR_PORT, form=port)
        hubspot = f"http://127.0.0.1:{simulator_port}"
        settings |= {
            "HUBSPOT_BASE_URL": hubspot,
            "HUBSPOT_TOKEN": given.get("HUBSPOT_TOKEN") or kept["HUBSPOT_TOKEN"],
        }
    visible = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    visible = f"[{visible}]" if ":" in visible else visible
    mailbox = None
    if not given.get("EMAIL_URL"):
        mailbox = (free_port(), _port_beside(MAILBOX_PORT, form=port))
        settings["EMAIL_URL"] = f"smtp://127.0.0.1:{mailbox[0]}"
    return LaunchPlan(f"http://{visible}:{port}/", f"{hubspot}/", simulator_port, settings, mailbox)


def _host(given: Mapping[str, str]) -> str:
    """HOST without brackets, if it can be bound to; conda sets HOST to a platform name, which cannot."""
    host = given.get("HOST", "").strip().removeprefix("[").removesuffix("]")
    return host if host and (is_address(host) or is_here(host)) else "127.0.0.1"


def _port(given: Mapping[str, str]) -> int:
    text = given.get("PORT") or str(FORM_PORT)
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise LaunchError(f"PORT is {text!r}. Set it to a number from 1 to 65535: PORT=8001 script/server")
    return int(text)


def _check_free(host: str, port: int) -> None:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else "no such address"
        raise LaunchError(
            f"PORT {port} on {host} cannot be used: {reason}. Choose another: PORT=8001 script/server"
        ) from error


def _port_beside(known: int, *, form: int) -> int:
    """The port with the default offset from the form's, stable across starts; any free one if it is taken."""
    port = form + known - FORM_PORT
    if port > LAST_PORT:
        return free_port()
    try:
        _check_free("127.0.0.1", port)
    except LaunchError:
        return free_port()
    return port


def stored_secrets(directory: Path) -> dict[str, str]:
    """Random secrets of this checkout, the same at every start."""
    path = directory / "secrets.json"
    try:
        kept: dict[str, str] = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):  # empty after a power failure
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = {name: secrets.token_urlsafe(64) for name in SECRETS}
        write_private(path, kept)
    return kept


def announce_environment(directory: Path, environment: Mapping[str, str]) -> None:
    """Write the environment of the processes to a file, for script/manage."""
    names = re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)
    write_private(directory / NOTE, {name: environment[name] for name in names if environment.get(name)})


def running_environment(directory: Path) -> dict[str, str]:
    """The environment written by a running script/server; {} if there is none."""
    try:
        found: dict[str, str] = json.loads((directory / NOTE).read_text())
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        return {}
    return found


def write_private(path: Path, content: Mapping[str, str]) -> None:
    """Replace a JSON file atomically, readable by its user only."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps(content))
    part.replace(path)
