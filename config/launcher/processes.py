"""The long-running processes under honcho: `python config/launcher/processes.py JSON`, name to command.

Honcho runs as a separate process, so that the launcher can monitor it and handle signals.
"""

import json
import multiprocessing
import signal
import sys
from types import FrameType

from honcho.manager import Manager


class Processes(Manager):
    """Honcho's manager, which handles signals between events instead of inside a handler."""

    asked = False

    def _start(self) -> None:
        super()._start()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def _any_stopped(self) -> bool:
        return self.asked or bool(super()._any_stopped())


def main(commands: dict[str, str]) -> int:
    """Run all commands until one of them ends or a signal comes, then stop the others."""
    multiprocessing.set_start_method("fork")
    manager = Processes()
    for name, command in commands.items():
        manager.add_process(name, command)
    manager.loop()
    return 0 if manager.asked else 1


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
