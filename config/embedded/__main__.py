"""`python -m config.embedded -- COMMAND...`: run COMMAND on a PostgreSQL and a Valkey of its own.

Both are thrown away afterwards. The exit code is the command's.
"""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import FrameType

from config.embedded import ServiceError, services


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("Usage: python -m config.embedded -- COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    try:
        with services(Path(tempfile.mkdtemp(prefix="assessment-")), durable=False) as found:
            return run(command, found.environment)
    except (ServiceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run `command` in the foreground and pass on the signals that end it."""
    process = subprocess.Popen(command, env=environment)  # noqa: S603 (the caller's command is the point)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends Ctrl-C to the command itself
    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGHUP, pass_on)
    code = process.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
