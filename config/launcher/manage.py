"""`script/manage COMMAND [ARGUMENT...]`: a management command in the environment of script/server.

If script/server is running, the command shares its environment: database, Redis, secrets, URL and token of
the HubSpot simulator. Otherwise PostgreSQL and Redis run for the duration of the command. The caller's
variables take precedence.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from config.embedded import ServiceError, Services, ensure_services, running_services, watchdog
from config.embedded.programs import run_in_foreground
from config.env_file import read_env_file
from config.launcher.environment import LaunchError, running_environment, service_urls, stored_secrets

PROJECT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Run the command and return its exit code, or 1 after a one-line error."""
    directory, command = split_arguments(arguments)
    read_env_file(PROJECT / ".env")
    os.environ.pop("PYTHONPATH", None)  # set only to find this module
    try:
        services = running_services(directory) or (
            None if all(service_urls(os.environ)) else ensure_services(directory)
        )
        environment = command_environment(directory, services, os.environ)
    except (ServiceError, LaunchError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or directory} cannot be used: {error.strerror or error}.", file=sys.stderr)
        return 1
    line = [sys.executable, str(PROJECT / "manage.py"), *command]
    if services and services.owner == os.getpid():
        environment[watchdog.VARIABLE] = services.launch_id  # the watchdog ends it with the services
    return run_in_foreground(line, environment)


def split_arguments(arguments: list[str]) -> tuple[Path, list[str]]:
    """Split into the data directory, and the command with its options."""
    if arguments[:1] == ["--directory"] and len(arguments) > 1:
        return Path(arguments[1]).absolute(), arguments[2:]
    return PROJECT / ".local", arguments


def command_environment(
    directory: Path, services: Services | None, given: Mapping[str, str]
) -> dict[str, str]:
    """The command's environment: the caller's variables, else those of script/server, else defaults."""
    ours = {"DEBUG": "true", "SECRET_KEY": stored_secrets(directory)["SECRET_KEY"]}
    if services:
        ours |= running_environment(directory) if services.owner != os.getpid() else {}
        ours |= {"DATABASE_URL": services.database_url, "REDIS_URL": services.redis_url}
    return ours | {name: value for name, value in given.items() if value or name not in ours}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
