"""`script/manage COMMAND [ARGUMENT...]`: a management command in the environment of script/server.

Beside a running script/server the command gets what its processes were given: database, Redis, secrets,
address and token of the HubSpot simulator. Otherwise PostgreSQL and Redis run for as long as the command
does. A variable of the caller goes before either.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded import ServiceError, Services, ensure, running, watchdog
from config.embedded.programs import run_in_foreground
from config.env_file import read_env_file
from config.launcher.environment import LaunchError, addresses, announced, stored_secrets

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """The exit code of the command; 1 after one line that says what is wrong."""
    directory, command = split_arguments(arguments)
    read_env_file(PROJECT / ".env")
    os.environ.pop("PYTHONPATH", None)  # it was for finding this module
    try:
        services = running(directory) or (None if all(addresses(os.environ)) else ensure(directory))
        environment = settings(directory, services, os.environ)
    except (ServiceError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or directory} cannot be used: {error.strerror or error}.", file=sys.stderr)
        return 1
    line = [sys.executable, str(PROJECT / "manage.py"), *command]
    if services and services.owner == os.getpid():
        environment[watchdog.VARIABLE] = services.launch_id  # it ends with the services, whatever ends us
    return run_in_foreground(line, environment)


def split_arguments(arguments: list[str]) -> tuple[Path, list[str]]:
    """The directory of the data, and the command with its own options."""
    if arguments[:1] == ["--directory"] and len(arguments) > 1:
        return Path(arguments[1]).absolute(), arguments[2:]
    return PROJECT / ".local", arguments


def settings(directory: Path, services: Services | None, given: Mapping[str, str]) -> dict[str, str]:
    """What the command is told: the caller's variables, else those of a running script/server, else ours."""
    ours = {"DEBUG": "true", "SECRET_KEY": stored_secrets(directory)["SECRET_KEY"]}
    if services:
        ours |= announced(directory) if services.owner != os.getpid() else {}
        ours |= {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    return ours | {name: value for name, value in given.items() if value or name not in ours}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
