"""`python -m config.embedded -- COMMAND...`: run COMMAND on a temporary PostgreSQL and Valkey.

Both are deleted afterwards. The exit code is the command's.
"""

import sys
import tempfile
from pathlib import Path

from config.embedded import ServiceError, services
from config.embedded.programs import run_in_foreground


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("Usage: python -m config.embedded -- COMMAND [ARGUMENT...]", file=sys.stderr)
        return 2
    try:
        with services(Path(tempfile.mkdtemp(prefix="assessment-")), durable=False) as found:
            return run_in_foreground(command, found.environment)
    except (ServiceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
