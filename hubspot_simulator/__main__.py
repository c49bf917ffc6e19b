"""Run the simulator in a process of its own, until it is stopped."""

import argparse
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Thread
from types import FrameType

from hubspot_simulator.account import saving
from hubspot_simulator.account.portal import Portal
from hubspot_simulator.account.switches import Switches
from hubspot_simulator.http.server import Server

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT and return 0; 2 with a one-line error when it cannot start."""
    options = _options(arguments)
    portal = Portal(
        options.token,
        random=Random(options.seed),  # noqa: S311  # ids and shuffles, nothing secret
        switches=replace(Switches(), burst_limit=options.limit, free_account=options.free),
        state_file=options.state,
    )
    try:
        _open_state(portal)
        server = Server((options.host, options.port), portal)
    except saving.Unreadable as error:
        return _refuse(f"--state {options.state} is not readable ({error}). Move it away to start empty.")
    except OSError as error:
        return _refuse(f"cannot start on {options.host}:{options.port}: {error.strerror}")
    _stop_on_signals(server)
    print(f"HubSpot simulator: {server.url}", flush=True)
    server.serve_forever(poll_interval=0.1)
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    defaults = Switches()
    parser = argparse.ArgumentParser(prog="python -m hubspot_simulator", description=__doc__)
    parser.add_argument("--token", required=True, help="the bearer token that callers must send")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=8002, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--state", type=Path, help="keep records in this file (default: memory only)")
    parser.add_argument("--seed", type=int, help="fixes ids and the order of results")
    parser.add_argument(
        "--limit", type=int, default=defaults.burst_limit, help="calls in 10 seconds (default: %(default)s)"
    )
    parser.add_argument("--free", action="store_true", help="a free account: 10 custom properties in all")
    return parser.parse_args(arguments)


def _open_state(portal: Portal) -> None:
    if portal.state_file is not None:
        saving.check_writable(portal.state_file)
    saving.load(portal)


def _stop_on_signals(server: Server) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        # shutdown() waits for serve_forever, which runs on this very thread
        Thread(target=server.stop).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _refuse(reason: str) -> int:
    print(f"HubSpot simulator: {reason}", file=sys.stderr)
    return USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
