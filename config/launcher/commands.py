"""The processes to run: the Procfile's production commands, and simulators of HubSpot and a mail server."""

import shlex
from pathlib import Path

from honcho.environ import parse_procfile

SIMULATOR = 'python -m hubspot_simulator --port {port} --token="$HUBSPOT_TOKEN" --state {state}'
MAILBOX = "python -m mailbox --smtp-port {smtp} --port {page}"
READY = "python config/launcher/readiness.py http://127.0.0.1:{port}/"
SETUP = f"{READY} && python manage.py hubspot_setup --skip-checks"


def commands(
    procfile: Path, *, simulator_port: int | None, state: Path, mailbox: tuple[int, int] | None = None
) -> dict[str, str]:
    """Map name to shell command. The worker waits until a simulator has our properties and pipeline.

    `mailbox`: its SMTP and HTTP ports.
    """
    found: dict[str, str] = dict(parse_procfile(procfile.read_text()).processes)
    if simulator_port:
        found["hubspot"] = SIMULATOR.format(port=simulator_port, state=shlex.quote(str(state)))
        found["worker"] = f"{SETUP.format(port=simulator_port)} && {found['worker']}"
    if mailbox:
        found["mailbox"] = MAILBOX.format(smtp=mailbox[0], page=mailbox[1])
    return found
