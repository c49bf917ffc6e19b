"""The long-running processes under honcho: `python -m config.launcher.processes JSON`, name to command.

Honcho runs as a process of its own: the launcher stays free to watch, to announce and to be killed.
"""

import json
import multiprocessing
import signal
import sys
from pathlib import Path
from types import FrameType

from honcho.environ import parse_procfile
from honcho.manager import Manager

from config.launcher.environment import Plan

SIMULATOR = "python -m hubspot_sync.simulator --port {port} --token $HUBSPOT_TOKEN --state {state}"


def commands(procfile: Path, plan: Plan, state: Path) -> dict[str, str]:
    """The production commands, and the simulator where it stands in for HubSpot.

    The worker then waits until the simulator knows our properties and pipeline.
    """
    found: dict[str, str] = dict(parse_procfile(procfile.read_text()).processes)
    if plan.simulator_port:
        found["hubspot"] = SIMULATOR.format(port=plan.simulator_port, state=state)
        ready = f"python -m config.launcher.readiness {plan.hubspot}"
        found["worker"] = f"{ready} && python manage.py hubspot_setup && {found['worker']}"
    return found


class Processes(Manager):  # type: ignore[misc]
    """Honcho's manager, which is asked to stop between two events and not in the middle of one."""

    asked = False

    def _start(self) -> None:
        super()._start()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def _any_stopped(self) -> bool:
        return self.asked or bool(super()._any_stopped())


def main(lines: dict[str, str]) -> int:
    multiprocessing.set_start_method("fork")
    manager = Processes()
    for name, command in lines.items():
        manager.add_process(name, command)
    manager.loop()
    return 0 if manager.asked else 1


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
